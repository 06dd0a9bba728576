package io.cairn.acceptance.drives;

import io.cairn.acceptance.LoopDrive;
import io.cairn.acceptance.Shell;

/** What happens to a drive that is in use. */
enum DriveLoss {
    DELETED {
        @Override
        void strike(LoopDrive drive) {
            Shell.removeTree(drive.data());
        }
    },
    FILLED {
        @Override
        void strike(LoopDrive drive) {
            drive.fill();
        }
    },
    READ_ONLY {
        @Override
        void strike(LoopDrive drive) {
            drive.readOnly();
        }
    },
    SWAPPED {
        @Override
        void strike(LoopDrive drive) {
            String _ =
                    Shell.run("sh", "-c", "mv " + drive.data() + " " + drive.data() + ".away; mkdir " + drive.data());
        }
    },
    UNMOUNTED {
        @Override
        void strike(LoopDrive drive) {
            drive.unmountLazily();
        }
    };

    abstract void strike(LoopDrive drive);
}

package io.cairn.shards;

import io.cairn.model.DriveFault;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * The question whether the path of a drive still leads to the drive that was opened: an unmounted or deleted directory
 * would go on taking writes through open files, and lose them all. Safe for use by many threads.
 */
final class Presence {
    private final Disk disk;
    private final String where;
    private final DriveIdentity identity;
    private final Optional<String> stamp;

    Presence(Disk disk, String where, DriveIdentity identity) {
        this.disk = disk;
        this.where = where;
        this.identity = identity;
        this.stamp = disk.stamp(DriveLayout.IDENTITY);
    }

    /** Cheap enough for every batch: the identity file is the same file, and the named one is reachable by its path. */
    void check(String written) {
        if (!same() || disk.stamp(written).isEmpty()) {
            throw gone();
        }
    }

    /** The thorough look: the identity is read again. */
    boolean intact() {
        try {
            return same()
                    && SmallFile.read(disk, DriveLayout.IDENTITY)
                            .flatMap(DriveIdentity::decode)
                            .filter(identity::equals)
                            .isPresent();
        } catch (IOException | UnknownFormatException unreadable) {
            return false;
        }
    }

    private boolean same() {
        return stamp.isPresent() && disk.stamp(DriveLayout.IDENTITY).equals(stamp);
    }

    DriveFault gone() {
        return new DriveFault(DriveFault.Kind.GONE, "drive " + identity.id() + " is not at " + where + " any more");
    }

    /** What an I/O error says about the drive. */
    DriveFault.Kind kindOf(IOException failure) {
        if (!same()) {
            return DriveFault.Kind.GONE;
        }
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("read-only") || disk.readOnly()) {
            return DriveFault.Kind.READ_ONLY;
        }
        return message.contains("no space") || message.contains("quota") || exhausted()
                ? DriveFault.Kind.FULL
                : DriveFault.Kind.BROKEN;
    }

    /** The text of an error may be translated; a file system with nothing left speaks for itself. */
    private boolean exhausted() {
        try {
            return disk.usable() < SegmentHeader.BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }
}

package io.cairn.engine;

import io.cairn.model.ShardStore;
import java.nio.file.Path;

/** The port through which the engine opens drives; the daemon gives it the real ones. */
public interface DriveOpener {
    /** Looks at the directory and opens the drive in it, if there is one of this cluster. */
    Found open(Path directory);

    /** Makes a blank directory into a drive and opens it. Fails with {@link io.cairn.model.DriveFault}. */
    ShardStore format(Path directory);

    /** What stands in a directory. */
    sealed interface Found {
        record Opened(ShardStore drive) implements Found {}

        /** An empty directory. It may be the mount point of a drive that is not mounted. */
        record Blank() implements Found {}

        /** Missing, unreadable, in use by another process, or something that is not a drive of this cluster. */
        record Unusable(String reason) implements Found {}
    }
}

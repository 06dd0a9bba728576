package io.cairn.backup.volume;

import io.cairn.repository.PageRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a backup asks of whoever serves the volumes: the daemon in its own process, or the same through its control
 * socket. Images are files of this machine. Errors: {@link io.cairn.backup.SourceFault}. One thread.
 */
public interface VolumeControl {
    /** A volume; {@code encryption} says how it hides its content from the disk, in words. */
    record About(String name, String id, long size, String kind, String filesystem, String encryption) {}

    /** A snapshot; {@code created} tells two of the same name apart. */
    record Shot(String name, String created) {}

    /**
     * What one snapshot has that an earlier one has not, or all that it holds. {@code exact}: everything outside the
     * ranges is as it was.
     */
    record Difference(Path image, long size, boolean exact, List<PageRange> ranges) {
        public Difference {
            ranges = List.copyOf(ranges);
        }
    }

    /** A volume that is an image; anything else is refused. */
    About about(String volume);

    List<Shot> snapshots(String volume);

    /** Takes a snapshot, for which the file system is frozen for a moment; when it returns the snapshot is durable. */
    Shot snapshot(String volume, String name);

    /** What {@code to} has; where {@code from} is given, what it has that {@code from} has not. */
    Difference changes(String volume, Optional<String> from, String to);

    void delete(String volume, String snapshot);

    /** Notes down that a backup of the volume is complete. */
    void backedUp(String volume, Instant at);
}

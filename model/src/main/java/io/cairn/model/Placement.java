package io.cairn.model;

import java.util.List;
import java.util.Optional;

/**
 * The explicit, versioned map from placement groups to drives. Every change is one command with the next version.
 *
 * @param small how blobs of up to {@link #SMALL_BYTES_MAX} bytes are kept
 * @param large how larger blobs are kept
 * @param drives every drive that ever joined and was not retired
 * @param groups for each group the drives of its shards in order: shard i of a stripe is on drive i
 */
public record Placement(
        long version, Redundancy small, Redundancy large, List<Drive> drives, List<List<DriveId>> groups) {
    /** Up to this many bytes a blob is kept in whole copies even where larger ones are erasure coded. */
    public static final int SMALL_BYTES_MAX = 256 << 10;

    public Placement {
        drives = List.copyOf(drives);
        groups = groups.stream().map(List::copyOf).toList();
    }

    public Optional<Drive> drive(DriveId id) {
        return drives.stream().filter(drive -> drive.id().equals(id)).findFirst();
    }

    /**
     * A drive in the map.
     *
     * @param path the directory that it was last seen at
     * @param weight its share of the data, in bytes of capacity
     */
    public record Drive(DriveId id, String path, long weight, State state) {}

    /** Whether a drive takes part. */
    public enum State {
        /** Holds shards and takes new ones. */
        IN,
        /** Lost or broken: its shards are rebuilt elsewhere; it takes none. */
        OUT
    }
}

package io.cairn.volumes;

import java.nio.file.Path;
import java.util.List;

/**
 * What differs between two snapshots of a volume, or between nothing and one snapshot, in order and without overlap.
 * Everything that changed is in a range; a range may hold bytes that did not. {@code image} is the file of the later
 * snapshot: read the ranges from it. With {@code exact} the ranges come from the extent maps; otherwise the pool shares
 * no blocks, and they are all that the later one holds.
 */
public record Changes(Path image, long size, boolean exact, List<ByteRange> ranges) {
    public Changes {
        ranges = List.copyOf(ranges);
    }

    /** How many bytes must be read. */
    public long bytes() {
        return ranges.stream().mapToLong(ByteRange::length).sum();
    }
}

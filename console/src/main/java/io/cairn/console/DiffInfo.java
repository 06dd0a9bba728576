package io.cairn.console;

import io.cairn.volumes.ByteRange;
import io.cairn.volumes.Changes;
import java.util.List;

/**
 * What differs between two snapshots, as the control API shows it; read the ranges from {@code image}.
 *
 * @param exact whether the ranges are what changed, or all that the later snapshot holds
 * @param bytes the sum of the ranges
 */
public record DiffInfo(String image, long size, boolean exact, long bytes, List<ByteRange> ranges) {
    static DiffInfo of(Changes changes) {
        return new DiffInfo(
                changes.image().toString(), changes.size(), changes.exact(), changes.bytes(), changes.ranges());
    }
}

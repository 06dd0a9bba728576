package io.cairn.console;

import io.cairn.volumes.SnapshotView;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as the control API shows it; sizes in bytes.
 *
 * @param shared whether it shares blocks with the volume (a reflink), or is a copy
 * @param frozenMicros for how long writers waited while it was taken
 */
public record SnapshotInfo(
        String name,
        String created,
        long size,
        long allocated,
        boolean shared,
        long frozenMicros,
        @Nullable String warning) {
    private static final int NANOS = 1_000;

    static SnapshotInfo of(SnapshotView view) {
        return new SnapshotInfo(
                view.name().text(),
                view.created().toString(),
                view.size().bytes(),
                view.allocated().bytes(),
                view.shared(),
                view.frozen().toNanos() / NANOS,
                view.warning().orElse(null));
    }
}

package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.volumes.spec.SnapshotName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot of a volume. {@code size} is that of the volume then, {@code shared} tells a reflink from a copy,
 * {@code frozen} is for how long writers waited. A warning says what the snapshot cost or lacks.
 */
public record SnapshotView(
        SnapshotName name,
        Instant created,
        ByteCount size,
        ByteCount allocated,
        boolean shared,
        Duration frozen,
        Optional<String> warning) {}

package io.cairn.volumes.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.cairn.base.ByteCount;
import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a volume. {@code size} is that of the volume then; {@code shared} tells a reflink from a copy;
 * {@code key} opens its container.
 */
public record SnapshotRecord(
        VolumeId id,
        SnapshotName name,
        Instant created,
        Phase phase,
        ByteCount size,
        boolean shared,
        long frozenMillis,
        @Nullable String warning,
        @Nullable WrappedKey key) {
    /** Where a snapshot is between not being there and not being there any more. */
    public enum Phase {
        /** Nobody was told of it. */
        @JsonProperty("taking")
        TAKING,
        @JsonProperty("ready")
        READY,
        /** Nobody will see it again. */
        @JsonProperty("deleting")
        DELETING
    }

    public boolean ready() {
        return phase == Phase.READY;
    }

    public SnapshotRecord taken(long millis, @Nullable String remark) {
        return new SnapshotRecord(id, name, created, Phase.READY, size, shared, millis, remark, key);
    }

    public SnapshotRecord deleting() {
        return new SnapshotRecord(id, name, created, Phase.DELETING, size, shared, frozenMillis, warning, key);
    }

    public SnapshotRecord withKey(WrappedKey other) {
        return new SnapshotRecord(id, name, created, phase, size, shared, frozenMillis, warning, other);
    }
}

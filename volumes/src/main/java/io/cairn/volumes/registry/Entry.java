package io.cairn.volumes.registry;

import io.cairn.volumes.spec.VolumeId;
import java.nio.file.Path;

/** A volume and the pool that it is in. */
public record Entry(Pool pool, VolumeRecord record) {
    public VolumeId id() {
        return record.id();
    }

    public Path image() {
        return pool.image(record.id());
    }

    public Entry with(VolumeRecord other) {
        return new Entry(pool, other);
    }
}

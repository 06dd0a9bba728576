package io.cairn.volumes.registry;

import io.cairn.volumes.spec.VolumeId;
import java.time.Instant;

/** Who a pool is: the content of {@code pool.json}. */
record PoolIdentity(VolumeId id, Instant created) {
    byte[] encode() {
        return Frame.encode(this);
    }

    static PoolIdentity decode(byte[] bytes) {
        return Frame.decode(bytes, PoolIdentity.class);
    }
}

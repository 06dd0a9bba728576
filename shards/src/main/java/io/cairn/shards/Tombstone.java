package io.cairn.shards;

import io.cairn.base.Checks;
import io.cairn.model.BlobId;
import io.cairn.model.ShardKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A release on the drive: records of the key with a smaller sequence are dead. */
record Tombstone(ShardKey key, long sequence) {
    static final int BYTES = 24;

    /** As many as fill one checksum block. */
    static final int PER_RECORD_MAX = RecordHead.BLOCK_BYTES / BYTES;

    static byte[] encode(List<Tombstone> tombstones) {
        Checks.check(tombstones.size() <= PER_RECORD_MAX, "at most %s tombstones in a record", PER_RECORD_MAX);
        ByteBuffer payload = ByteBuffer.allocate(tombstones.size() * BYTES);
        for (Tombstone tombstone : tombstones) {
            payload.putLong(tombstone.key.blob().value());
            payload.putInt(tombstone.key.stripe());
            payload.putInt(tombstone.key.index());
            payload.putLong(tombstone.sequence);
        }
        return payload.array();
    }

    static List<Tombstone> decode(ByteBuffer payload) {
        List<Tombstone> tombstones = new ArrayList<>(payload.remaining() / BYTES);
        while (payload.remaining() >= BYTES) {
            ShardKey key = new ShardKey(new BlobId(payload.getLong()), payload.getInt(), payload.getInt());
            tombstones.add(new Tombstone(key, payload.getLong()));
        }
        return tombstones;
    }
}

package io.cairn.shards;

import io.cairn.model.ShardKey;
import io.cairn.model.ShardWrite;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the writer of a drive is asked to do. The future completes once it is durable. */
sealed interface WriteRequest {
    CompletableFuture<Void> done();

    /** What it weighs in the queue. */
    long bytes();

    /** A new shard, with the checksums computed by its caller. */
    record Append(ShardWrite shard, int[] table, CompletableFuture<Void> done) implements WriteRequest {
        @Override
        public long bytes() {
            return (long) shard.length() + shard.label().length + RecordHead.headBytes(shard.length());
        }
    }

    /** Shards to be forgotten. */
    record Release(List<ShardKey> keys, CompletableFuture<Void> done) implements WriteRequest {
        public Release {
            keys = List.copyOf(keys);
        }

        @Override
        public long bytes() {
            return (long) keys.size() * Tombstone.BYTES + RecordHead.BYTES;
        }
    }

    /** A live record on its way out of a segment that is compacted. {@code record} is the whole verified record. */
    record Transfer(RecordHead head, ByteBuffer record, CompletableFuture<Void> done) implements WriteRequest {
        @Override
        public long bytes() {
            return record.limit();
        }
    }

    /** Tombstones on their way out of a segment that is compacted. */
    record TransferTombstones(List<Tombstone> tombstones, CompletableFuture<Void> done) implements WriteRequest {
        public TransferTombstones {
            tombstones = List.copyOf(tombstones);
        }

        @Override
        public long bytes() {
            return (long) tombstones.size() * Tombstone.BYTES + RecordHead.BYTES;
        }
    }

    /**
     * A segment whose every needed record is durable elsewhere: its file is deleted.
     *
     * @param dropped tombstones that end with it
     * @param moved keys whose rows still name it
     */
    record Retire(Segment segment, List<Tombstone> dropped, List<ShardKey> moved, CompletableFuture<Void> done)
            implements WriteRequest {
        public Retire {
            dropped = List.copyOf(dropped);
            moved = List.copyOf(moved);
        }

        @Override
        public long bytes() {
            return 0;
        }
    }
}

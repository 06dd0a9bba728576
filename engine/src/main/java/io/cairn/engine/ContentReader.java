package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.ObjectPart;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a range of an object's content in order, across its parts and their stripes. Owned by one thread. */
final class ContentReader {
    private final ShardReader shards;
    private final List<ObjectPart> parts;
    private int part;
    private long partOffset;
    private long remaining;
    private byte @Nullable [][] rebuilt;
    private int rebuiltPart = -1;
    private int rebuiltStripe = -1;

    ContentReader(ShardReader shards, List<ObjectPart> parts, long from, long length) {
        this.shards = shards;
        this.parts = parts;
        this.remaining = length;
        long skip = from;
        while (part < parts.size() && skip >= parts.get(part).size() && length > 0) {
            skip -= parts.get(part).size();
            part++;
        }
        partOffset = skip;
    }

    long remaining() {
        return remaining;
    }

    /** Fills as much of the target as fits and remains; every byte is verified. */
    void fill(ReadTarget target) {
        while (target.buffer().hasRemaining() && remaining > 0) {
            ObjectPart current = parts.get(part);
            if (partOffset == current.size()) {
                part++;
                partOffset = 0;
                continue;
            }
            long available = Math.min(remaining, current.size() - partOffset);
            int got = fill(
                    current.blob(), (int) Math.min(available, target.buffer().remaining()), target);
            partOffset += got;
            remaining -= got;
        }
    }

    private int fill(BlobRef blob, int wanted, ReadTarget target) {
        int stripe = (int) (partOffset / blob.stripeBytes());
        int inStripe = (int) (partOffset % blob.stripeBytes());
        int length = Math.min(wanted, blob.stripeLength(stripe) - inStripe);
        return switch (blob.redundancy()) {
            case Redundancy.Copies _ -> fillFromCopy(blob, stripe, inStripe, length, target);
            case Redundancy.Erasure erasure -> fillFromShards(blob, erasure, stripe, inStripe, length, target);
        };
    }

    private int fillFromCopy(BlobRef blob, int stripe, int offset, int length, ReadTarget target) {
        if (!read(blob, new ShardKey(blob.id(), stripe, 0), offset, length, target)) {
            throw ShardReader.lost(blob, stripe, 0, 1);
        }
        return length;
    }

    private int fillFromShards(
            BlobRef blob, Redundancy.Erasure erasure, int stripe, int inStripe, int wanted, ReadTarget target) {
        int shardLength = blob.shardLength(stripe);
        int index = inStripe / shardLength;
        int offset = inStripe % shardLength;
        int length = Math.min(wanted, shardLength - offset);
        if (!rebuiltAlready(stripe) && read(blob, new ShardKey(blob.id(), stripe, index), offset, length, target)) {
            return length;
        }
        target.buffer().put(rebuiltShards(blob, erasure, stripe)[index], offset, length);
        return length;
    }

    /** A shard can be rebuilt without the drive that hangs; a copy is waited for when there is no other. */
    private boolean read(BlobRef blob, ShardKey key, int offset, int length, ReadTarget target) {
        int limit = target.buffer().limit();
        target.buffer().limit(target.buffer().position() + length);
        try {
            ShardReader.Answer answer = blob.redundancy() instanceof Redundancy.Erasure
                    ? shards.readShardQuickly(blob, key, offset, target)
                    : shards.readShard(blob, key, offset, target);
            return answer == ShardReader.Answer.READ;
        } finally {
            target.buffer().limit(limit);
        }
    }

    private boolean rebuiltAlready(int stripe) {
        return rebuilt != null && rebuiltPart == part && rebuiltStripe == stripe;
    }

    private byte[][] rebuiltShards(BlobRef blob, Redundancy.Erasure erasure, int stripe) {
        byte[][] shardsOfStripe = rebuilt;
        if (shardsOfStripe == null || !rebuiltAlready(stripe)) {
            ShardReader.Rebuilt whole = shards.rebuild(blob, erasure, stripe);
            if (whole.damaged()) {
                shards.report(blob);
            }
            shardsOfStripe = whole.shards();
            rebuilt = shardsOfStripe;
            rebuiltPart = part;
            rebuiltStripe = stripe;
        }
        return shardsOfStripe;
    }
}

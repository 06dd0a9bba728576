package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveId;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads stripes: from a healthy copy, or from any {@code k} shards when some are missing or damaged. What is found
 * damaged or missing is reported for repair; a wrong byte is never returned. Thread-safe.
 */
final class ShardReader {
    private final DriveSet drives;
    private final PlacementMap placement;
    private final StripeWriter stripes;
    private final Consumer<BlobRef> damaged;

    ShardReader(DriveSet drives, PlacementMap placement, StripeWriter stripes, Consumer<BlobRef> damaged) {
        this.drives = drives;
        this.placement = placement;
        this.stripes = stripes;
        this.damaged = damaged;
    }

    /**
     * Fills the target from the shard's {@code offset} on, asking the drives of the group first and then every other.
     *
     * @return false when no drive has an undamaged shard of that name
     */
    boolean readShard(BlobRef blob, ShardKey key, int offset, ByteBuffer target) {
        int start = target.position();
        boolean trouble = false;
        for (ShardStore drive : candidates(blob, key)) {
            try {
                if (drive.read(key, offset, target)) {
                    if (trouble) {
                        damaged.accept(blob);
                    }
                    return true;
                }
            } catch (StorageFault fault) {
                target.position(start);
            }
            trouble = true;
        }
        return false;
    }

    /** The whole stripe rebuilt from any sufficient shards, as one array per shard, data shards first. */
    byte[][] rebuild(BlobRef blob, Redundancy.Erasure erasure, int stripe) {
        int shardLength = blob.shardLength(stripe);
        byte[][] shards = new byte[erasure.width()][shardLength];
        boolean[] present = new boolean[erasure.width()];
        int found = 0;
        for (int i = 0; i < erasure.width() && found < erasure.data(); i++) {
            present[i] = readShard(blob, new ShardKey(blob.id(), stripe, i), 0, ByteBuffer.wrap(shards[i]));
            found += present[i] ? 1 : 0;
        }
        if (found < erasure.data()) {
            throw lost(blob, stripe, found, erasure.data());
        }
        stripes.code(erasure).reconstruct(shards, present, 0, shardLength);
        return shards;
    }

    /** Notes that the blob needs repair. */
    void report(BlobRef blob) {
        damaged.accept(blob);
    }

    static CorruptFault lost(BlobRef blob, int stripe, int found, int needed) {
        return new CorruptFault("read of stripe " + stripe + " of blob " + blob.id() + ": " + found + " of " + needed
                + " needed shards are readable; nothing was removed, see `cairn drive ls` for drives that are out");
    }

    private List<ShardStore> candidates(BlobRef blob, ShardKey key) {
        List<DriveId> group = placement.drives(blob.group(), blob.redundancy());
        List<ShardStore> found = new ArrayList<>();
        int first = blob.redundancy() instanceof Redundancy.Copies
                ? (int) ((blob.id().value() + key.stripe()) % Math.max(1, group.size()))
                : key.index();
        for (int i = 0; i < group.size(); i++) {
            drives.get(group.get((first + i) % group.size())).ifPresent(found::add);
        }
        for (ShardStore other : drives.all()) {
            if (!found.contains(other)) {
                found.add(other);
            }
        }
        return found;
    }
}

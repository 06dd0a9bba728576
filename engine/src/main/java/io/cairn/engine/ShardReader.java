package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.StorageFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
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

    /** What became of the search for a shard. */
    enum Answer {
        READ,
        /** No drive has it undamaged. */
        ABSENT,
        /** A drive that may have it hangs. */
        PENDING
    }

    /**
     * Fills the target from the shard's {@code offset} on, asking the drives of the group first and then every other;
     * drives that hang come last.
     */
    Answer readShard(BlobRef blob, ShardKey key, int offset, ReadTarget target) {
        List<GuardedDrive> candidates = candidates(blob, key);
        candidates.sort(Comparator.comparing(GuardedDrive::slow));
        return readShard(blob, key, offset, target, candidates);
    }

    /** As {@link #readShard}, without asking drives that hang. */
    Answer readShardQuickly(BlobRef blob, ShardKey key, int offset, ReadTarget target) {
        List<GuardedDrive> candidates = candidates(blob, key);
        boolean hanging = candidates.removeIf(GuardedDrive::slow);
        Answer answer = readShard(blob, key, offset, target, candidates);
        return answer == Answer.ABSENT && hanging ? Answer.PENDING : answer;
    }

    private Answer readShard(BlobRef blob, ShardKey key, int offset, ReadTarget target, List<GuardedDrive> candidates) {
        int start = target.buffer().position();
        boolean trouble = false;
        boolean hanging = false;
        for (GuardedDrive drive : candidates) {
            try {
                if (read(drive, candidates.size(), key, offset, target.buffer())) {
                    if (trouble) {
                        damaged.accept(blob);
                    }
                    return Answer.READ;
                }
                trouble = true;
            } catch (DriveFault fault) {
                target.buffer().position(start);
                if (fault.kind() == DriveFault.Kind.HUNG) {
                    target.exchange();
                    hanging = true;
                } else {
                    trouble = true;
                }
            } catch (StorageFault fault) {
                target.buffer().position(start);
                trouble = true;
            }
        }
        return hanging ? Answer.PENDING : Answer.ABSENT;
    }

    /** With nobody else to ask, a drive is given all the time it takes, and the read costs no thread. */
    private static boolean read(GuardedDrive drive, int candidates, ShardKey key, int offset, ByteBuffer target) {
        return candidates == 1 && !drive.slow()
                ? drive.readPatiently(key, offset, target)
                : drive.read(key, offset, target);
    }

    /**
     * A whole stripe.
     *
     * @param shards one array per shard, data shards first
     * @param damaged whether a shard was found missing or damaged, and not only on a drive that hangs
     */
    record Rebuilt(byte[][] shards, boolean damaged) {}

    /** The whole stripe rebuilt from any sufficient shards. */
    Rebuilt rebuild(BlobRef blob, Redundancy.Erasure erasure, int stripe) {
        int shardLength = blob.shardLength(stripe);
        byte[][] shards = new byte[erasure.width()][];
        boolean[] present = new boolean[erasure.width()];
        List<Integer> pending = new ArrayList<>();
        boolean absent = false;
        int found = 0;
        for (int i = 0; i < erasure.width() && found < erasure.data(); i++) {
            ReadTarget target = ReadTarget.ofBytes(shardLength);
            Answer answer = readShardQuickly(blob, new ShardKey(blob.id(), stripe, i), 0, target);
            shards[i] = target.bytes();
            present[i] = answer == Answer.READ;
            found += present[i] ? 1 : 0;
            switch (answer) {
                case READ -> {}
                case ABSENT -> absent = true;
                case PENDING -> pending.add(i);
            }
        }
        for (int i : pending) {
            if (found < erasure.data()) {
                ReadTarget target = ReadTarget.ofBytes(shardLength);
                present[i] = readShard(blob, new ShardKey(blob.id(), stripe, i), 0, target) == Answer.READ;
                shards[i] = target.bytes();
                found += present[i] ? 1 : 0;
            }
        }
        if (found < erasure.data()) {
            throw lost(blob, stripe, found, erasure.data());
        }
        for (int i = 0; i < shards.length; i++) {
            shards[i] = shards[i] == null ? new byte[shardLength] : shards[i];
        }
        stripes.code(erasure).reconstruct(shards, present, 0, shardLength);
        return new Rebuilt(shards, absent);
    }

    /** Notes that the blob needs repair. */
    void report(BlobRef blob) {
        damaged.accept(blob);
    }

    static CorruptFault lost(BlobRef blob, int stripe, int found, int needed) {
        return new CorruptFault("read of stripe " + stripe + " of blob " + blob.id() + ": " + found + " of " + needed
                + " needed shards are readable; nothing was removed, see `cairn drive ls` for drives that are out");
    }

    private List<GuardedDrive> candidates(BlobRef blob, ShardKey key) {
        List<DriveId> group = placement.drives(blob.group(), blob.redundancy());
        List<GuardedDrive> found = new ArrayList<>();
        int first = blob.redundancy() instanceof Redundancy.Copies
                ? (int) ((blob.id().value() + key.stripe()) % Math.max(1, group.size()))
                : key.index();
        for (int i = 0; i < group.size(); i++) {
            drives.guarded(group.get((first + i) % group.size())).ifPresent(found::add);
        }
        for (GuardedDrive other : drives.guarded()) {
            if (!found.contains(other)) {
                found.add(other);
            }
        }
        return found;
    }
}

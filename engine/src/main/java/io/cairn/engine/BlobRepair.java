package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.ShardWrite;
import io.cairn.model.StorageFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Makes a blob whole again: for each stripe, every drive of the group that lacks its shard, or whose shard is damaged,
 * gets it from the others. Only adds; what it finds damaged stays until it has been replaced. Thread-safe.
 */
final class BlobRepair {
    private final DriveSet drives;
    private final PlacementMap placement;
    private final ShardReader reader;
    private final OpenBlobs open;

    BlobRepair(DriveSet drives, PlacementMap placement, ShardReader reader, OpenBlobs open) {
        this.open = open;
        this.drives = drives;
        this.placement = placement;
        this.reader = reader;
    }

    /**
     * What a repair came to.
     *
     * @param rebuilt shards that were written
     * @param missing shards that are still missing because their drive is away or takes no writes
     * @param lost stripes of which too few shards are left
     */
    record Result(int rebuilt, int missing, int lost) {
        static final Result NOTHING = new Result(0, 0, 0);

        Result plus(Result other) {
            return new Result(rebuilt + other.rebuilt, missing + other.missing, lost + other.lost);
        }

        boolean whole() {
            return missing == 0 && lost == 0;
        }
    }

    /**
     * Repairs the blob; with {@code verify} the stored bytes of every shard are read, else their presence is enough.
     * The blob is pinned meanwhile: no shard may be written anew while others are released. One that is being released
     * is left alone, and passes for whole.
     */
    Result repair(BlobRef blob, boolean verify) {
        if (!open.pin(List.of(blob.id()))) {
            return Result.NOTHING;
        }
        try {
            return repairPinned(blob, verify);
        } finally {
            open.unpin(List.of(blob.id()));
        }
    }

    private Result repairPinned(BlobRef blob, boolean verify) {
        Result result = Result.NOTHING;
        int stripes = blob.stripes();
        for (int stripe = 0; stripe < stripes; stripe++) {
            result = result.plus(repairStripe(blob, placement.effective(blob.redundancy()), stripe, verify));
        }
        return stripes > 1
                ? result.plus(repairStripe(
                        blob, placement.effective(StripeWriter.sealCopies(blob.redundancy())), ShardKey.SEAL, verify))
                : result;
    }

    private Result repairStripe(BlobRef blob, Redundancy redundancy, int stripe, boolean verify) {
        List<DriveId> group = placement.drives(blob.group(), redundancy);
        Result result = new Result(0, redundancy.width() - group.size(), 0);
        for (int i = 0; i < group.size(); i++) {
            ShardKey key = new ShardKey(blob.id(), stripe, redundancy instanceof Redundancy.Copies ? 0 : i);
            Optional<ShardStore> drive = drives.get(group.get(i));
            if (drive.isEmpty()) {
                result = result.plus(new Result(0, 1, 0));
            } else {
                result = result.plus(repairShard(blob, redundancy, key, drive.get(), verify));
            }
        }
        return result;
    }

    private Result repairShard(BlobRef blob, Redundancy redundancy, ShardKey key, ShardStore drive, boolean verify) {
        try {
            return healthy(drive, key, verify) ? Result.NOTHING : rebuild(blob, redundancy, key, drive);
        } catch (DriveFault away) {
            return new Result(0, 1, 0);
        }
    }

    /**
     * Releases shards that lie on drives outside the blob's group, left there by an earlier map. Only after every shard
     * in the group was read and verified; gives up when the map has changed meanwhile.
     */
    void releaseStrays(BlobRef blob) {
        long version = placement.current().version();
        List<ShardStore> strays = strays(blob);
        if (!strays.isEmpty()
                && repair(blob, true).whole()
                && placement.current().version() == version) {
            List<ShardKey> keys = new ArrayList<>();
            BlobEraser.addKeys(blob, keys);
            strays.forEach(drive -> drive.release(keys));
        }
    }

    private List<ShardStore> strays(BlobRef blob) {
        List<ShardKey> keys = new ArrayList<>();
        BlobEraser.addKeys(blob, keys);
        List<DriveId> group = placement.drives(blob.group(), blob.redundancy());
        return drives.all().stream()
                .filter(drive -> !group.contains(drive.id()) && drive.trouble().isEmpty())
                .filter(drive -> keys.stream().anyMatch(key -> drive.find(key).isPresent()))
                .toList();
    }

    private static boolean healthy(ShardStore drive, ShardKey key, boolean verify) {
        try {
            return verify ? drive.verify(key) : drive.find(key).isPresent();
        } catch (CorruptFault damaged) {
            return false;
        }
    }

    private Result rebuild(BlobRef blob, Redundancy redundancy, ShardKey key, ShardStore target) {
        Optional<byte[]> label = label(blob, redundancy, key);
        Optional<byte[]> payload = label.isEmpty() ? Optional.empty() : payload(blob, redundancy, key);
        if (label.isEmpty() || payload.isEmpty()) {
            return new Result(0, 0, 1);
        }
        byte[] bytes = payload.get();
        try {
            target.append(new ShardWrite(key, label.get(), bytes, 0, bytes.length))
                    .join();
            return new Result(1, 0, 0);
        } catch (StorageFault | CompletionException full) {
            return new Result(0, 1, 0);
        }
    }

    private Optional<byte[]> payload(BlobRef blob, Redundancy redundancy, ShardKey key) {
        if (key.stripe() == ShardKey.SEAL) {
            return Optional.of(new byte[0]);
        }
        return switch (redundancy) {
            case Redundancy.Copies _ -> {
                ReadTarget target = ReadTarget.ofBytes(blob.stripeLength(key.stripe()));
                yield reader.readShard(blob, key, 0, target) == ShardReader.Answer.READ
                        ? Optional.of(target.bytes())
                        : Optional.empty();
            }
            case Redundancy.Erasure erasure -> {
                try {
                    yield Optional.of(
                            reader.rebuild(blob, erasure, key.stripe()).shards()[key.index()]);
                } catch (CorruptFault tooFew) {
                    yield Optional.empty();
                }
            }
        };
    }

    /** The label of any shard of the stripe; they are all the same. */
    private Optional<byte[]> label(BlobRef blob, Redundancy redundancy, ShardKey key) {
        int shards = redundancy instanceof Redundancy.Copies ? 1 : redundancy.width();
        for (int index = 0; index < shards; index++) {
            for (ShardStore drive : drives.all()) {
                try {
                    Optional<byte[]> label = drive.label(new ShardKey(blob.id(), key.stripe(), index));
                    if (label.isPresent()) {
                        return label;
                    }
                } catch (StorageFault damaged) {
                    continue;
                }
            }
        }
        return Optional.empty();
    }
}

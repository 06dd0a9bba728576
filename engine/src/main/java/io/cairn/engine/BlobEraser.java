package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.DriveId;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases every shard of blobs that no row refers to: dropped ones from the reclaim queue, and those of uploads that
 * failed before they were committed. Thread-safe.
 */
final class BlobEraser {
    private static final Logger LOG = LoggerFactory.getLogger(BlobEraser.class);

    private final DriveSet drives;

    BlobEraser(DriveSet drives) {
        this.drives = drives;
    }

    /**
     * Releases one blob that was never committed; a drive that fails keeps its shards as orphans, which the orphan
     * search reports.
     */
    void erase(BlobRef blob) {
        Set<DriveId> _ = erase(List.of(blob));
    }

    /**
     * Releases the blobs on every open drive, wherever repair may have put their shards.
     *
     * @return the drives that have durably released them
     */
    Set<DriveId> erase(Collection<BlobRef> blobs) {
        List<ShardKey> keys = new ArrayList<>();
        Set<DriveId> released = new HashSet<>();
        blobs.forEach(blob -> addKeys(blob, keys));
        for (ShardStore drive : drives.all()) {
            try {
                drive.release(keys);
                released.add(drive.id());
            } catch (StorageFault fault) {
                LOG.warn("release of {} shards on drive {} failed: {}", keys.size(), drive.id(), fault.getMessage());
            }
        }
        return released;
    }

    /** Every name that a shard of the blob can have. */
    static void addKeys(BlobRef blob, Collection<ShardKey> keys) {
        int shards = switch (blob.redundancy()) {
            case Redundancy.Copies _ -> 1;
            case Redundancy.Erasure erasure -> erasure.width();
        };
        int stripes = blob.stripes();
        for (int stripe = 0; stripe < stripes; stripe++) {
            for (int index = 0; index < shards; index++) {
                keys.add(new ShardKey(blob.id(), stripe, index));
            }
        }
        if (stripes > 1) {
            keys.add(new ShardKey(blob.id(), ShardKey.SEAL, 0));
        }
    }
}

package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

    /** Releases one blob; a drive that fails keeps its shards as orphans, which the orphan search reports. */
    void erase(BlobRef blob) {
        erase(List.of(blob));
    }

    /** Releases the blobs on every open drive, wherever repair may have put their shards. */
    void erase(Collection<BlobRef> blobs) {
        List<ShardKey> keys = new ArrayList<>();
        blobs.forEach(blob -> addKeys(blob, keys));
        for (ShardStore drive : drives.all()) {
            try {
                drive.release(keys);
            } catch (StorageFault fault) {
                LOG.warn(
                        "release of {} shards on drive {} failed; they stay as orphans: {}",
                        keys.size(),
                        drive.id(),
                        fault.getMessage());
            }
        }
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

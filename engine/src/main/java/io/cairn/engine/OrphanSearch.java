package io.cairn.engine;

import io.cairn.model.BlobId;
import io.cairn.model.LabelledShard;
import io.cairn.model.MetadataView;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds shards that no row refers to: of uploads that a crash or an uncertain commit cut short, and of drives that
 * missed a delete while they were away. Proof, not age, makes an orphan: its blob was named under a lease that has
 * ended, so that no commit can refer to it any more, and neither a row nor the reclaim queue does. Reports; releases
 * only when it is told to. Used by one thread at a time.
 */
final class OrphanSearch {
    private static final int RELEASE_BATCH = 4096;
    private static final int QUEUE_PAGE = 4096;
    private static final int FIRST_CAPACITY = 1 << 16;

    private final Metadata metadata;
    private final DriveSet drives;
    private final Lease lease;
    private long[] referenced = new long[FIRST_CAPACITY];
    private int references;

    OrphanSearch(Metadata metadata, DriveSet drives, Lease lease) {
        this.metadata = metadata;
        this.drives = drives;
        this.lease = lease;
    }

    /** Searches every open drive, and releases what it finds when {@code release} is set. */
    OrphanReport run(boolean release) {
        long epoch = lease.epoch();
        collectReferences(metadata.view());
        Set<BlobId> blobs = new HashSet<>();
        long shards = 0;
        long bytes = 0;
        for (ShardStore drive : drives.all()) {
            List<ShardKey> found = new ArrayList<>();
            long[] size = new long[1];
            drive.scan(shard -> {
                if (orphan(shard, epoch)) {
                    found.add(shard.info().key());
                    size[0] += shard.info().storedBytes();
                }
            });
            found.forEach(key -> blobs.add(key.blob()));
            shards += found.size();
            bytes += size[0];
            if (release) {
                release(drive, found);
            }
        }
        return new OrphanReport(blobs.size(), shards, bytes, release);
    }

    private boolean orphan(LabelledShard shard, long epoch) {
        BlobId blob = shard.info().key().blob();
        return blob.epoch() < epoch && Arrays.binarySearch(referenced, 0, references, blob.value()) < 0;
    }

    /** The references are read before the drives: what is not referred to now can only be so under a newer lease. */
    private void collectReferences(MetadataView view) {
        references = 0;
        view.blobs(blob -> {
            add(blob.id());
            return true;
        });
        long after = 0;
        List<MetadataView.Queued> page;
        do {
            page = view.reclaims(after, QUEUE_PAGE);
            page.forEach(entry -> add(entry.blob().id()));
            after = page.isEmpty() ? after : page.getLast().sequence();
        } while (page.size() == QUEUE_PAGE);
        Arrays.sort(referenced, 0, references);
    }

    private void add(BlobId blob) {
        if (references == referenced.length) {
            referenced = Arrays.copyOf(referenced, references * 2);
        }
        referenced[references++] = blob.value();
    }

    private static void release(ShardStore drive, List<ShardKey> keys) {
        for (int from = 0; from < keys.size(); from += RELEASE_BATCH) {
            drive.release(keys.subList(from, Math.min(keys.size(), from + RELEASE_BATCH)));
        }
    }
}

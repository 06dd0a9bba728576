package io.cairn.repository;

import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The second phase of a prune: deletes what marks list, once nobody can still rely on it. Under a pruner's lease; one
 * use, one thread.
 */
public final class Deletion {
    private final Repository repository;
    private final Lease lease;
    private final Progress progress;
    private long packs;
    private long bytes;

    Deletion(Repository repository, Lease lease, Progress progress) {
        this.repository = repository;
        this.lease = lease;
        this.progress = progress;
    }

    /**
     * Packs that cannot be deleted yet, and why: a holder from before the mark; {@code stale} when it was not heard of
     * for half an hour.
     */
    public record Waiting(String holder, boolean stale, long packs) {}

    long packs() {
        return packs;
    }

    long bytes() {
        return bytes;
    }

    List<Waiting> run() {
        List<Waiting> waiting = new ArrayList<>();
        List<Mark> ready = new ArrayList<>();
        Map<Holder, Holder.Lock> locks = Holder.all(repository);
        for (Mark mark : Mark.all(repository)) {
            Optional<Waiting> blocked = blockedBy(mark, locks);
            blocked.ifPresent(waiting::add);
            if (blocked.isEmpty()) {
                ready.add(mark);
            }
        }
        if (!ready.isEmpty()) {
            delete(ready);
        }
        return waiting;
    }

    private Optional<Waiting> blockedBy(Mark mark, Map<Holder, Holder.Lock> locks) {
        for (Holder seen : mark.holders()) {
            for (Map.Entry<Holder, Holder.Lock> now : locks.entrySet()) {
                if (!seen.same(now.getKey()) || now.getKey().isEvicted(repository)) {
                    continue;
                }
                if (now.getKey().isProvenDead(repository)) {
                    now.getKey().deleteLocks(repository, now.getValue().files());
                    continue;
                }
                boolean stale = now.getValue()
                        .refreshed()
                        .isBefore(repository.actor().clock().now().minus(Lease.STALE));
                return Optional.of(
                        new Waiting(now.getKey().toString(), stale, mark.packs().size()));
            }
        }
        return Optional.empty();
    }

    /** Walks again; copies what is needed after all; deletes the rest. */
    private void delete(List<Mark> marks) {
        Set<Id> marked = new HashSet<>();
        marks.forEach(mark -> marked.addAll(mark.packs()));
        List<Snapshot> snapshots = repository.snapshots();
        Repository.Loaded loaded = repository.loadIndex();
        try (CompactIndex index = loaded.index();
                Unindexed unindexed = Unindexed.of(repository, index)) {
            Reach reach = new Reach(repository, index, unindexed.index());
            reach.walk(snapshots);
            index.packs().forEach(marked::remove);
            rescue(unindexed.index(), reach, marked);
            lease.check();
            Map<String, Long> sizes = repository.backend().list(Area.PACKS);
            for (Id pack : marked) {
                Long size = sizes.get(pack.toString());
                if (size != null) {
                    repository.backend().delete(PackRead.name(pack));
                    packs++;
                    bytes += size;
                }
            }
        }
        marks.forEach(mark -> mark.delete(repository));
    }

    private void rescue(CompactIndex aside, Reach reach, Set<Id> marked) {
        if (reach.usedAside().isEmpty()) {
            return;
        }
        IndexWriter indexes = new IndexWriter(repository, lease);
        try (CompactIndex fresh = new CompactIndex();
                BlobSink sink = new BlobSink(
                        repository.backend(),
                        repository.key(),
                        fresh,
                        repository.actor().clock(),
                        indexes)) {
            List<Id> all = aside.packs();
            for (int i = reach.usedAside().nextSetBit(0);
                    i >= 0;
                    i = reach.usedAside().nextSetBit(i + 1)) {
                PackedBlob blob = aside.blob(i);
                Id pack = all.get(aside.packOf(i));
                if (marked.contains(pack)) {
                    Prune.copyBlobs(repository, pack, List.of(blob), sink);
                }
            }
            sink.flush();
            progress.problem(
                    "copied " + sink.added().blobs() + " blobs that a snapshot made beside the last prune still needs");
        }
    }
}

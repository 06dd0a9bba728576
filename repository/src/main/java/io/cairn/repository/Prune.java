package io.cairn.repository;

import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives back the space of what no snapshot needs, in two phases, beside running backups: see
 * {@code docs/formats/repository.md} and the model in {@code docs/models}. One use, one thread.
 */
public final class Prune {
    private static final double UNUSED_SHARE_MAX = 0.05;

    private final Repository repository;
    private final Progress progress;
    private final List<Deletion.Waiting> waiting = new ArrayList<>();
    private long markedPacks;
    private long copiedBytes;
    private long deletedPacks;
    private long deletedBytes;

    public Prune(Repository repository, Progress progress) {
        this.repository = repository;
        this.progress = progress;
    }

    /**
     * What a run did. {@code waiting} marks could not be carried out, because a holder from before the mark is still
     * there: run prune again later.
     */
    public record Result(
            long markedPacks, long copiedBytes, long deletedPacks, long deletedBytes, List<Deletion.Waiting> waiting) {
        public Result {
            waiting = List.copyOf(waiting);
        }
    }

    /** Marks what is not needed, then deletes what was marked and nobody can still rely on. */
    public Result run() {
        repository.requireWritable();
        try (Lease lease = Lease.pruner(repository)) {
            mark(lease);
            Deletion deletion = new Deletion(repository, lease, progress);
            waiting.addAll(deletion.run());
            deletedPacks = deletion.packs();
            deletedBytes = deletion.bytes();
        }
        return new Result(markedPacks, copiedBytes, deletedPacks, deletedBytes, waiting);
    }

    private void mark(Lease lease) {
        List<Snapshot> snapshots = repository.snapshots();
        Repository.Loaded loaded = repository.loadIndex();
        Set<Id> marked = new HashSet<>();
        Mark.all(repository).forEach(mark -> marked.addAll(mark.packs()));
        try (CompactIndex index = loaded.index();
                Unindexed unindexed = Unindexed.of(repository, index)) {
            Reach reach = new Reach(repository, index, unindexed.index());
            reach.walk(snapshots);
            Choice choice = choose(index, reach.used());
            IndexWriter indexes = new IndexWriter(repository, lease);
            copy(index, unindexed.index(), reach, choice, indexes);
            Set<Id> leaving = new HashSet<>(choice.remove());
            leaving.addAll(choice.repack());
            lease.check();
            new IndexRewrite(repository).without(leaving, loaded.files(), lease);
            leaving.addAll(unindexed.packs());
            leaving.removeAll(marked);
            if (!leaving.isEmpty()) {
                List<Holder> holders = Holder.all(repository).keySet().stream()
                        .filter(holder -> !holder.same(lease.holder()))
                        .toList();
                Mark.write(repository, List.copyOf(leaving), holders);
                markedPacks = leaving.size();
            }
        }
    }

    private record Choice(Set<Id> remove, Set<Id> repack) {}

    /**
     * Which packs go as they are, and which are copied first: the most wasteful, until little enough is wasted in all.
     */
    private static Choice choose(CompactIndex index, BitSet used) {
        List<Id> packs = index.packs();
        Set<Id> remove = new HashSet<>();
        record Partly(Id pack, long used, long unused) {}
        List<Partly> partly = new ArrayList<>();
        long unusedBytes = 0;
        long usedBytes = 0;
        for (int i = 0; i < packs.size(); i++) {
            long usedHere = 0;
            long unusedHere = 0;
            int number = index.firstOf(i);
            for (PackedBlob blob : index.blobsOf(i)) {
                if (used.get(number++)) {
                    usedHere += blob.length();
                } else {
                    unusedHere += blob.length();
                }
            }
            if (usedHere == 0) {
                remove.add(packs.get(i));
            } else if (unusedHere > 0) {
                partly.add(new Partly(packs.get(i), usedHere, unusedHere));
                unusedBytes += unusedHere;
            }
            usedBytes += usedHere;
        }
        partly.sort(Comparator.comparingDouble((Partly p) -> (double) p.used() / p.unused()));
        Set<Id> repack = new HashSet<>();
        for (Partly pack : partly) {
            if (unusedBytes <= UNUSED_SHARE_MAX * usedBytes) {
                break;
            }
            repack.add(pack.pack());
            unusedBytes -= pack.unused();
        }
        return new Choice(remove, repack);
    }

    /** Copies what is needed from packs that will go, and from packs that no index names. */
    private void copy(CompactIndex index, CompactIndex aside, Reach reach, Choice choice, IndexWriter indexes) {
        try (CompactIndex fresh = new CompactIndex();
                BlobSink sink = new BlobSink(
                        repository.backend(),
                        repository.key(),
                        fresh,
                        repository.actor().clock(),
                        indexes)) {
            List<Id> packs = index.packs();
            for (int i = 0; i < packs.size(); i++) {
                if (choice.repack().contains(packs.get(i))) {
                    copyPack(index, i, reach.used(), sink);
                }
            }
            List<Id> others = aside.packs();
            for (int i = 0; i < others.size(); i++) {
                copyPack(aside, i, reach.usedAside(), sink);
            }
            sink.flush();
            copiedBytes = sink.added().stored();
        }
    }

    private void copyPack(CompactIndex index, int pack, BitSet used, BlobSink sink) {
        List<PackedBlob> wanted = new ArrayList<>();
        int number = index.firstOf(pack);
        for (PackedBlob blob : index.blobsOf(pack)) {
            if (used.get(number++)) {
                wanted.add(blob);
            }
        }
        copyBlobs(repository, index.packs().get(pack), wanted, sink);
    }

    /** Copies blobs in their sealed form, each of them opened and checked first. */
    static void copyBlobs(Repository repository, Id pack, List<PackedBlob> wanted, BlobSink sink) {
        FileName name = PackRead.name(pack);
        for (PackedBlob blob : wanted) {
            byte[] sealed = new byte[blob.length()];
            repository.backend().read(name, blob.offset(), sealed, 0, sealed.length);
            BlobSource.open(repository, blob, sealed, 0, name);
            sink.sealed(blob, sealed);
        }
    }

    /**
     * Takes a lease away, for good. The process behind it must be dead or stopped: if it goes on, it fails at its end.
     */
    public static void evict(Repository repository, String lease) {
        Map<Holder, Holder.Lock> all = Holder.all(repository);
        Holder holder = all.keySet().stream()
                .filter(h -> !h.lease().isEmpty() && h.lease().startsWith(lease))
                .findFirst()
                .orElseThrow(() -> new io.cairn.repository.store.RepositoryFault.Refused(
                        "there is no lease " + lease + "; list them with `cairn repo locks`"));
        Map<String, Object> record = new java.util.LinkedHashMap<>();
        record.put("time", Json.time(repository.actor().clock().now()));
        record.put("by", repository.actor().user() + "@" + repository.actor().host());
        byte[] sealed =
                repository.documents().seal(Json.write(record).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        repository.backend().saveIfAbsent(new FileName(Area.EVICTIONS, holder.lease()), sealed);
        for (int round = 0; round < 2; round++) {
            Holder.all(repository).forEach((other, lock) -> {
                if (other.same(holder)) {
                    other.deleteLocks(repository, lock.files());
                }
            });
        }
    }
}

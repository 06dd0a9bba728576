package io.cairn.repository;

import io.cairn.repository.pack.BlobType;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackHeader;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * Looks whether a repository is what it should be: every pack that the index names is there and as long as it should
 * be, every tree can be read, every blob that a snapshot names is in the index; and, for the packs that are chosen,
 * every byte. Changes nothing. One use.
 */
public final class Check {
    private static final int NAMED_MAX = 20;

    private final Repository repository;
    private final Progress progress;
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private final List<String> hints = new ArrayList<>();
    private final Set<Id> damagedPacks = ConcurrentHashMap.newKeySet();
    private final Set<Id> damagedBlobs = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> touched = new LinkedHashMap<>();
    private long bytesRead;
    private int packsRead;

    public Check(Repository repository, Progress progress) {
        this.repository = repository;
        this.progress = progress;
    }

    /**
     * What was found. {@code errors} lose data or may; {@code hints} do not. {@code touched} names, for each snapshot
     * that damage reaches, some of its paths.
     */
    public record Report(
            List<String> errors,
            List<String> hints,
            Set<Id> damagedPacks,
            Map<String, Set<String>> touched,
            int snapshots,
            int packs,
            int packsRead,
            long bytesRead,
            long blobs) {
        public boolean clean() {
            return errors.isEmpty();
        }
    }

    /** Checks the structure, and reads the packs whose position in the order of their names is chosen. */
    public Report run(IntPredicate chosen) {
        try (Lease lease = Lease.reader(repository)) {
            List<Snapshot> snapshots = snapshots();
            Repository.Loaded loaded = repository.loadIndex();
            try (CompactIndex index = loaded.index()) {
                Map<String, Long> sizes = repository.backend().list(Area.PACKS);
                packs(index, sizes);
                read(index, sizes, chosen);
                trees(index, snapshots);
                lease.check();
                return new Report(
                        List.copyOf(errors),
                        hints,
                        Set.copyOf(damagedPacks),
                        touched,
                        snapshots.size(),
                        index.packs().size(),
                        packsRead,
                        bytesRead,
                        index.size());
            }
        }
    }

    private List<Snapshot> snapshots() {
        List<Snapshot> readable = new ArrayList<>();
        for (Id id : repository.ids(Area.SNAPSHOTS)) {
            try {
                readable.add(Snapshot.parse(id, repository.documents().loadObject(Area.SNAPSHOTS, id)));
            } catch (RepositoryFault.Damaged damaged) {
                errors.add("snapshot " + id + " cannot be read: " + damaged.getMessage());
            }
        }
        return readable;
    }

    private void packs(CompactIndex index, Map<String, Long> sizes) {
        List<Id> packs = index.packs();
        Set<String> known = new HashSet<>();
        for (int i = 0; i < packs.size(); i++) {
            Id pack = packs.get(i);
            known.add(pack.toString());
            Long size = sizes.get(pack.toString());
            List<PackedBlob> blobs = index.blobsOf(i);
            long expected = blobs.stream().mapToLong(PackedBlob::length).sum() + PackHeader.size(blobs);
            if (size == null) {
                damaged(pack, blobs, "pack " + pack + " is gone, and the index names it");
            } else if (size != expected) {
                damaged(pack, blobs, "pack " + pack + " has " + size + " bytes, and should have " + expected);
            }
        }
        Set<String> marked = new HashSet<>();
        Mark.all(repository).forEach(mark -> mark.packs().forEach(pack -> marked.add(pack.toString())));
        long loose = sizes.keySet().stream()
                .filter(name -> !known.contains(name) && !marked.contains(name))
                .count();
        if (loose > 0) {
            hints.add(loose + " packs are in no index: the work of a running backup, or of one that was killed;"
                    + " `cairn repo prune` removes what nobody needs");
        }
        if (!marked.isEmpty()) {
            hints.add(marked.size() + " packs wait for deletion; `cairn repo prune` deletes them when it may");
        }
    }

    private void damaged(Id pack, List<PackedBlob> blobs, String sentence) {
        errors.add(sentence);
        damagedPacks.add(pack);
        blobs.forEach(blob -> damagedBlobs.add(blob.id()));
    }

    private void read(CompactIndex index, Map<String, Long> sizes, IntPredicate chosen) {
        List<Id> packs = index.packs();
        List<Id> ordered = packs.stream().sorted().toList();
        Map<Id, Integer> order = new LinkedHashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            order.put(ordered.get(i), i);
        }
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        try (Workers workers = new Workers("check")) {
            for (int i = 0; i < packs.size(); i++) {
                Id pack = packs.get(i);
                Long size = sizes.get(pack.toString());
                if (size == null || !chosen.test(order.getOrDefault(pack, 0))) {
                    continue;
                }
                packsRead++;
                progress.expected(size);
                List<PackedBlob> blobs = index.blobsOf(i);
                waiting.add(workers.submit(6 << 20, () -> readPack(pack, (int) (long) size, blobs)));
            }
            waiting.forEach(future -> bytesRead += Workers.result(future));
        }
    }

    private long readPack(Id pack, int size, List<PackedBlob> blobs) {
        Opening opening = Opening.ofThread();
        byte[] bytes = opening.run(size);
        try {
            repository.backend().read(PackRead.name(pack), 0, bytes, 0, size);
        } catch (RepositoryFault.Damaged shorter) {
            damaged(pack, blobs, String.valueOf(shorter.getMessage()));
            return 0;
        } catch (RepositoryFault.Missing gone) {
            damaged(pack, blobs, "pack " + pack + " went away while it was to be read");
            return 0;
        }
        progress.done(size);
        List<String> found = new ArrayList<>();
        boolean covered = false;
        try {
            int length = PackHeader.sealedLength(bytes, size, size, PackRead.name(pack));
            int body = size - PackHeader.LENGTH_FIELD - length;
            List<PackedBlob> listed =
                    PackHeader.parse(bytes, body, length, body, repository.key().sealer(), PackRead.name(pack));
            if (!new HashSet<>(listed).equals(new HashSet<>(blobs))) {
                found.add("the header of pack " + pack + " lists other blobs than the index");
            }
            covered = coverAll(blobs, body);
        } catch (RepositoryFault.Damaged broken) {
            found.add(broken.getMessage());
        }
        for (PackedBlob blob : blobs) {
            try {
                if (blob.end() > size) {
                    throw new RepositoryFault.Damaged("blob " + blob.id() + " lies behind the end of pack " + pack);
                }
                opening.open(repository, blob, bytes, blob.offset(), PackRead.name(pack));
            } catch (RepositoryFault.Damaged broken) {
                found.add(broken.getMessage());
                damagedBlobs.add(blob.id());
            }
        }
        // Where blobs follow each other without a gap every byte has been under a seal; decision 81.
        if ((!covered || !found.isEmpty()) && !Id.of(bytes, 0, size).equals(pack)) {
            found.add("pack " + pack + " is not what was written: its hash is another");
        }
        if (!found.isEmpty()) {
            errors.addAll(found);
            damagedPacks.add(pack);
        }
        return size;
    }

    /** True when these blobs are all that a pack of that many bytes before its header has room for. */
    private static boolean coverAll(List<PackedBlob> blobs, int body) {
        long end = 0;
        for (PackedBlob blob : blobs.stream()
                .sorted(Comparator.comparingInt(PackedBlob::offset))
                .toList()) {
            if (blob.offset() != end) {
                return false;
            }
            end = blob.end();
        }
        return end == body;
    }

    private void trees(CompactIndex index, List<Snapshot> snapshots) {
        BitSet clean = new BitSet();
        for (Snapshot snapshot : snapshots) {
            tree(index, snapshot, snapshot.tree(), "", clean);
        }
    }

    /** True when all below is well. Trees found well are not walked again for the next snapshot. */
    private boolean tree(CompactIndex index, Snapshot snapshot, Id tree, String path, BitSet clean) {
        int number = index.find(BlobType.TREE, tree);
        if (number < 0 || damagedBlobs.contains(tree)) {
            touch(
                    snapshot,
                    path + "/",
                    "the tree " + tree + " is " + (number < 0 ? "in no index" : "damaged"),
                    number < 0);
            return false;
        }
        if (clean.get(number)) {
            return true;
        }
        List<Node> nodes;
        try {
            nodes = new BlobSource(repository, index).tree(tree);
        } catch (RepositoryFault.Damaged | RepositoryFault.Missing broken) {
            touch(snapshot, path + "/", String.valueOf(broken.getMessage()), true);
            return false;
        }
        boolean well = true;
        for (Node node : nodes) {
            String below = path + "/" + node.name();
            if (node.kind() == Kind.FILE) {
                well &= file(index, snapshot, node, below);
            } else if (node.subtree().isPresent()) {
                well &= tree(index, snapshot, node.subtree().get(), below, clean);
            }
        }
        if (well) {
            clean.set(number);
        }
        return well;
    }

    private boolean file(CompactIndex index, Snapshot snapshot, Node node, String path) {
        long size = 0;
        for (Id blob : node.content()) {
            int number = index.find(BlobType.DATA, blob);
            if (number < 0 || damagedBlobs.contains(blob)) {
                touch(snapshot, path, "blob " + blob + " of " + path + " is in no index", number < 0);
                return false;
            }
            size += index.blob(number).size();
        }
        if (size != node.size()) {
            touch(snapshot, path, path + " should have " + node.size() + " bytes, and its blobs have " + size, true);
            return false;
        }
        return true;
    }

    private void touch(Snapshot snapshot, String path, String sentence, boolean isNew) {
        Set<String> paths = touched.computeIfAbsent(snapshot.id().toString(), _ -> new TreeSet<>());
        if (paths.size() < NAMED_MAX) {
            paths.add(path);
            if (isNew) {
                errors.add(snapshot + ": " + sentence);
            }
        }
    }

    /** Makes the index anew from the headers of all packs that are there; needs that nobody else is at work on it. */
    public static RepairResult repairIndex(Repository repository) {
        repository.requireWritable();
        try (Lease lease = Lease.pruner(repository)) {
            Set<Id> old = repository.ids(Area.INDEXES);
            Set<Id> marked = new HashSet<>();
            Mark.all(repository).forEach(mark -> marked.addAll(mark.packs()));
            Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
            List<String> broken = new ArrayList<>();
            repository.backend().list(Area.PACKS).forEach((name, size) -> {
                if (Id.isId(name) && !marked.contains(Id.parse(name))) {
                    try {
                        packs.put(Id.parse(name), new PackRead(repository).header(Id.parse(name), size));
                    } catch (RepositoryFault.Damaged unreadable) {
                        broken.add(unreadable.getMessage());
                    } catch (RepositoryFault.Missing deleted) {
                        return;
                    }
                }
            });
            new IndexRewrite(repository).replace(packs, old, lease);
            return new RepairResult(packs.size(), broken);
        }
    }

    /** Packs in the new index, and those whose header could not be read. */
    public record RepairResult(int packs, List<String> broken) {}
}

package io.cairn.repository;

import io.cairn.repository.pack.BlobType;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.FileTarget;
import io.cairn.repository.tree.FileTree;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * Brings a snapshot, or one path of it, back into an empty directory; or one file as a stream. Every blob is checked
 * against its id. Blobs are fetched pack by pack, by all cores; zeros become holes. One use, one thread.
 */
public final class Restore {
    private static final int REFERENCES_MAX = 200_000;

    private final Repository repository;
    private final BlobSource source;
    private final Progress progress;
    private final FileTarget target;
    private final LongAdder files = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder problems = new LongAdder();
    private final Map<Inode, String> linked = new HashMap<>();
    private final List<Runnable> links = new ArrayList<>();
    private final List<Runnable> dressings = new ArrayList<>();
    private Map<Id, List<Reference>> batch = new LinkedHashMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private int references;

    /** @param index the repository's index; it stays the caller's */
    public Restore(Repository repository, CompactIndex index, Progress progress) {
        this.repository = repository;
        this.source = new BlobSource(repository, index);
        this.progress = progress;
        this.target = new FileTarget(repository.actor().uid() == 0);
    }

    /** What a run did. */
    public record Result(long files, long bytes, long problems) {}

    private record Inode(long device, long inode) {}

    /** A file to be made. */
    private record Plan(String path, Node node) {}

    /** A blob that belongs at some place of a file; {@code whole} when it is all of it. */
    private record Reference(PackedBlob blob, Plan plan, long position, boolean whole) {}

    /** Restores the path of a snapshot ({@code /} for all of it) into a directory, which must be empty or not there. */
    public Result into(Snapshot snapshot, String path, String directory) {
        Optional<Node> node = new Browse(source).node(snapshot, path);
        if (node.isEmpty() && !path.equals("/")) {
            throw new RepositoryFault.Refused("there is no " + path + " in " + snapshot);
        }
        prepare(directory);
        try (Workers workers = new Workers("restore")) {
            if (node.isEmpty()) {
                tree(snapshot.tree(), directory, workers);
            } else if (node.get().kind() == Kind.DIRECTORY) {
                tree(node.get().subtree().orElseThrow(), directory, workers);
                dressings.add(() -> target.dress(directory, node.get()));
            } else {
                entry(directory + "/" + node.get().name(), node.get(), workers);
            }
            fetch(workers);
        }
        links.forEach(this::attempt);
        dressings.reversed().forEach(this::attempt);
        return new Result(files.sum(), bytes.sum(), problems.sum());
    }

    private static void prepare(String directory) {
        java.nio.file.Path path = java.nio.file.Path.of(directory);
        try {
            java.nio.file.Files.createDirectories(path);
            if (!new FileTree().list(directory).isEmpty()) {
                throw new RepositoryFault.Refused("the directory " + directory
                        + " is not empty; restore into a new one, look at it, then put it in place");
            }
        } catch (IOException failed) {
            throw new RepositoryFault.Source("cannot make " + directory + ": " + failed.getMessage(), failed);
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RepositoryFault fault) {
            problem(fault);
        }
    }

    private void problem(RepositoryFault fault) {
        problems.increment();
        progress.problem(fault.getMessage());
    }

    private void tree(Id tree, String directory, Workers workers) {
        List<Node> nodes;
        try {
            nodes = source.tree(tree);
        } catch (RepositoryFault.Damaged damaged) {
            problem(damaged);
            return;
        }
        for (Node node : nodes) {
            try {
                entry(directory + "/" + node.name(), node, workers);
            } catch (RepositoryFault.Source | RepositoryFault.Damaged failed) {
                problem(failed);
            }
        }
    }

    private void entry(String path, Node node, Workers workers) {
        switch (node.kind()) {
            case DIRECTORY -> {
                target.directory(path);
                dressings.add(() -> target.dress(path, node));
                node.subtree().ifPresent(tree -> tree(tree, path, workers));
            }
            case FILE -> file(path, node, workers);
            case LINK -> {
                target.symbolicLink(path, node.linkTarget());
                target.dress(path, node);
            }
            case BLOCK_DEVICE, CHARACTER_DEVICE, PIPE, SOCKET -> {
                target.special(path, node.attributes());
                target.dress(path, node);
            }
            case OTHER -> throw new RepositoryFault.Source(path + " is of a kind that this system does not have");
        }
    }

    private void file(String path, Node node, Workers workers) {
        if (node.attributes().links() > 1) {
            Inode inode =
                    new Inode(node.attributes().device(), node.attributes().inode());
            String first = linked.putIfAbsent(inode, path);
            if (first != null) {
                links.add(() -> target.hardLink(first, path));
                return;
            }
        }
        files.increment();
        progress.expected(node.size());
        Plan plan = new Plan(path, node);
        List<Reference> found = references(plan);
        if (found.size() != 1 || !found.getFirst().whole()) {
            target.create(path, node.size()).close();
            plans.add(plan);
        }
        references += found.size();
        if (references > REFERENCES_MAX) {
            fetch(workers);
        }
    }

    private List<Reference> references(Plan plan) {
        List<Reference> found = new ArrayList<>(plan.node().content().size());
        List<Id> packs = new ArrayList<>();
        long position = 0;
        for (Id id : plan.node().content()) {
            CompactIndex.Place place = source.place(BlobType.DATA, id);
            boolean whole = plan.node().content().size() == 1
                    && place.blob().size() == plan.node().size();
            found.add(new Reference(place.blob(), plan, position, whole));
            packs.add(place.pack());
            position += place.blob().size();
        }
        if (position != plan.node().size()) {
            throw new RepositoryFault.Damaged(plan.path() + " has " + position
                    + " bytes of content where the snapshot says " + plan.node().size());
        }
        for (int i = 0; i < found.size(); i++) {
            batch.computeIfAbsent(packs.get(i), _ -> new ArrayList<>()).add(found.get(i));
        }
        return found;
    }

    /** Writes the content of all files that were planned, then dresses them. */
    private void fetch(Workers workers) {
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (Map.Entry<Id, List<Reference>> pack : batch.entrySet()) {
            waiting.add(workers.submit(4 << 20, () -> {
                fetchPack(pack.getKey(), pack.getValue());
                return true;
            }));
        }
        for (CompletableFuture<Boolean> future : waiting) {
            Workers.result(future);
        }
        for (Plan plan : plans) {
            attempt(() -> target.dress(plan.path(), plan.node()));
        }
        plans.clear();
        batch = new LinkedHashMap<>();
        references = 0;
    }

    private void fetchPack(Id pack, List<Reference> wanted) {
        Map<Integer, List<Reference>> byOffset = new HashMap<>();
        wanted.forEach(reference -> byOffset.computeIfAbsent(reference.blob().offset(), _ -> new ArrayList<>())
                .add(reference));
        List<PackedBlob> blobs = byOffset.values().stream()
                .map(list -> list.getFirst().blob())
                .sorted(Comparator.comparingInt(PackedBlob::offset))
                .toList();
        Writing writing = new Writing();
        try {
            new PackRead(repository).blobs(pack, blobs, (blob, content) -> {
                for (Reference reference : byOffset.getOrDefault(blob.offset(), List.of())) {
                    writing.write(reference, content);
                }
            });
        } catch (RepositoryFault.Damaged | RepositoryFault.Missing oneIsBad) {
            one(pack, blobs, byOffset, writing);
        } catch (RepositoryFault.Source failed) {
            problem(failed);
        } finally {
            writing.close();
        }
    }

    /** After a fault in a pack: each blob alone, so that one bad blob costs one file. */
    private void one(Id pack, List<PackedBlob> blobs, Map<Integer, List<Reference>> references, Writing writing) {
        for (PackedBlob blob : blobs) {
            for (Reference reference : references.getOrDefault(blob.offset(), List.of())) {
                try {
                    new PackRead(repository)
                            .blobs(pack, List.of(blob), (_, content) -> writing.again(reference, content));
                } catch (RepositoryFault.Damaged | RepositoryFault.Missing bad) {
                    problem(new RepositoryFault.Damaged(
                            reference.plan().path() + " is not complete: " + bad.getMessage()));
                }
            }
        }
    }

    /** The file that one thread is writing to; pieces of a file mostly follow each other. */
    private final class Writing implements AutoCloseable {
        private Optional<FileTarget.OpenTarget> open = Optional.empty();
        private String path = "";

        void write(Reference reference, byte[] content) {
            Plan plan = reference.plan();
            int size = reference.blob().size();
            boolean hole = isZero(content, size);
            if (reference.whole()) {
                try (FileTarget.OpenTarget file = target.create(plan.path(), hole ? size : 0)) {
                    if (!hole) {
                        file.write(content, 0, size, 0);
                    }
                }
                target.dress(plan.path(), plan.node());
            } else if (!hole) {
                reopen(plan.path()).write(content, 0, size, reference.position());
            }
            bytes.add(size);
            progress.done(size);
        }

        /** A file that exists was written by the try before. */
        void again(Reference reference, byte[] content) {
            if (!reference.whole()
                    || !java.nio.file.Files.exists(
                            java.nio.file.Path.of(reference.plan().path()))) {
                write(reference, content);
            }
        }

        private FileTarget.OpenTarget reopen(String wanted) {
            if (open.isPresent() && path.equals(wanted)) {
                return open.get();
            }
            close();
            FileTarget.OpenTarget opened = target.reopen(wanted);
            open = Optional.of(opened);
            path = wanted;
            return opened;
        }

        @Override
        public void close() {
            open.ifPresent(FileTarget.OpenTarget::close);
            open = Optional.empty();
        }
    }

    private static boolean isZero(byte[] content, int length) {
        return content[0] == 0 && java.util.Arrays.equals(content, 0, length - 1, content, 1, length);
    }

    /** Writes the content of one file of a snapshot to a stream. */
    public long stream(Snapshot snapshot, String path, OutputStream out) {
        Node node = new Browse(source)
                .node(snapshot, path)
                .filter(found -> found.kind() == Kind.FILE)
                .orElseThrow(() -> new RepositoryFault.Refused("there is no file " + path + " in " + snapshot));
        long length = 0;
        try {
            for (Id id : node.content()) {
                byte[] content = source.load(BlobType.DATA, id);
                out.write(content);
                length += content.length;
            }
            out.flush();
        } catch (IOException failed) {
            throw new RepositoryFault.Source("cannot write " + path + ": " + failed.getMessage(), failed);
        }
        return length;
    }
}

package io.cairn.repository;

import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.pack.BlobType;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.FileTree;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import io.cairn.repository.tree.TreeCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Walks directories and stores them, deepest first. One thread walks; small files are stored by the workers, large ones
 * are read by two threads of their own. What cannot be read is reported and left out. One use.
 */
final class TreeWalk implements AutoCloseable {
    private static final int READERS = 2;
    private static final int FILES_WAITING = 4096;

    private final FileTree files = new FileTree();
    private final BlobSink sink;
    private final FileStorer storer;
    private final Workers workers;
    private final Optional<BlobSource> earlier;
    private final Predicate<String> excluded;
    private final Progress progress;
    private final ExecutorService readers = Executors.newFixedThreadPool(
            READERS, Thread.ofPlatform().daemon().name("file-read-", 0).factory());
    private final LongAdder fileCount = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder problems = new LongAdder();

    TreeWalk(
            BlobSink sink,
            FileStorer storer,
            Workers workers,
            Optional<BlobSource> earlier,
            Predicate<String> excluded,
            Progress progress) {
        this.sink = sink;
        this.storer = storer;
        this.workers = workers;
        this.earlier = earlier;
        this.excluded = excluded;
        this.progress = progress;
    }

    /** What was walked. */
    record Counts(long files, long reused, long bytes, long problems) {}

    Counts counts() {
        return new Counts(fileCount.sum(), reused.sum(), bytes.sum(), problems.sum());
    }

    /** A directory of the snapshot that is made up of the paths asked for: only some of its entries. */
    private static final class Part {
        final Map<String, Part> parts = new HashMap<>();
        boolean whole;
    }

    /** Stores absolute paths below one root tree, as restic does: with the directories that lead to them. */
    Id roots(List<String> paths, Optional<Id> parent) {
        Part root = new Part();
        for (String path : paths) {
            Part at = root;
            for (String name : path.split("/")) {
                if (!name.isEmpty()) {
                    at = at.parts.computeIfAbsent(name, _ -> new Part());
                }
            }
            at.whole = true;
        }
        return root.whole ? directory("/", parent) : part("", root, parent);
    }

    private Id part(String path, Part part, Optional<Id> parent) {
        Map<String, Node> before = nodes(parent);
        List<Node> nodes = new ArrayList<>();
        part.parts.forEach((name, child) -> {
            String below = path + "/" + name;
            Node node = files.node(below, name);
            Optional<Node> then = Optional.ofNullable(before.get(name));
            if (!child.whole && node.kind() == Kind.DIRECTORY) {
                nodes.add(node.withSubtree(part(below, child, then.flatMap(Node::subtree))));
            } else if (node.kind() == Kind.DIRECTORY) {
                nodes.add(node.withSubtree(directory(below, then.flatMap(Node::subtree))));
            } else {
                nodes.add(Workers.result(entry(below, node, then)));
            }
        });
        return sink.tree(TreeCodec.encode(nodes));
    }

    private Map<String, Node> nodes(Optional<Id> tree) {
        Map<String, Node> nodes = new HashMap<>();
        try {
            if (tree.isPresent() && earlier.isPresent()) {
                earlier.get().tree(tree.get()).forEach(node -> nodes.put(node.name(), node));
            }
        } catch (RepositoryFault.Damaged damaged) {
            // Without the earlier tree its files are read again; the damage itself is the business of a check.
            progress.problem(damaged.getMessage());
        }
        return nodes;
    }

    /** Stores a directory with all below it; returns its tree. */
    private Id directory(String path, Optional<Id> parent) {
        Map<String, Node> before = nodes(parent);
        List<CompletableFuture<Node>> waiting = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        List<Node> directories = new ArrayList<>();
        for (String name : list(path)) {
            String below = join(path, name);
            if (excluded.test(below)) {
                continue;
            }
            try {
                Node node = files.node(below, name);
                if (node.kind() == Kind.DIRECTORY) {
                    directories.add(node);
                } else if (node.kind() == Kind.FILE) {
                    waiting.add(entry(below, node, Optional.ofNullable(before.get(name))));
                } else {
                    nodes.add(node);
                }
            } catch (RepositoryFault.Source gone) {
                leftOut(gone);
            }
            if (waiting.size() > FILES_WAITING) {
                collect(waiting, nodes);
            }
        }
        for (Node node : directories) {
            Optional<Id> then = Optional.ofNullable(before.get(node.name())).flatMap(Node::subtree);
            nodes.add(node.withSubtree(directory(join(path, node.name()), then)));
        }
        collect(waiting, nodes);
        return sink.tree(TreeCodec.encode(nodes));
    }

    private List<String> list(String path) {
        try {
            return files.list(path);
        } catch (RepositoryFault.Source unreadable) {
            leftOut(unreadable);
            return List.of();
        }
    }

    private void collect(List<CompletableFuture<Node>> waiting, List<Node> nodes) {
        for (CompletableFuture<Node> future : waiting) {
            try {
                nodes.add(Workers.result(future));
            } catch (RepositoryFault.Source unreadable) {
                leftOut(unreadable);
            }
        }
        waiting.clear();
    }

    private void leftOut(RepositoryFault.Source fault) {
        problems.increment();
        progress.problem(fault.getMessage());
    }

    private static String join(String path, String name) {
        return path.endsWith("/") ? path + name : path + "/" + name;
    }

    private CompletableFuture<Node> entry(String path, Node node, Optional<Node> before) {
        if (node.kind() != Kind.FILE) {
            return CompletableFuture.completedFuture(node);
        }
        fileCount.increment();
        bytes.add(node.size());
        progress.expected(node.size());
        if (before.isPresent() && node.sameFileAs(before.get()) && allStored(before.get())) {
            reused.increment();
            progress.done(node.size());
            return CompletableFuture.completedFuture(
                    node.withContent(before.get().content(), node.size()));
        }
        if (node.size() >= FileStorer.LARGE) {
            return CompletableFuture.supplyAsync(() -> storer.file(files, path, node), readers);
        }
        return workers.submit(node.size(), () -> storer.file(files, path, node));
    }

    /** True when all content of an earlier node is still there; then this run relies on it. */
    private boolean allStored(Node node) {
        return node.content().stream().allMatch(id -> sink.rely(BlobType.DATA, id));
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}

package io.cairn.repository;

import io.cairn.base.Checks;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.pack.BlobType;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Attributes;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import io.cairn.repository.tree.TreeCodec;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tree of a snapshot that is made from what somebody tells, not from a file system. Paths are absolute in the
 * snapshot, with {@code /} between names; directories that lead to one are made as needed. Entries may come in any
 * order; {@link #finished} frees the memory of a directory early. Each path is given once. One thread.
 */
public final class TreeBuilder {
    private static final int PERMISSIONS = 0700;

    private final BlobSink sink;
    private final FileStorer storer;
    private final Progress progress;
    private final Optional<BlobSource> before;
    private final Instant now;
    private final Directory root;
    private long files;
    private long reused;
    private long bytes;

    TreeBuilder(
            BlobSink sink,
            FileStorer storer,
            Progress progress,
            Optional<BlobSource> before,
            Optional<Snapshot> parent,
            Instant now) {
        this.sink = sink;
        this.storer = storer;
        this.progress = progress;
        this.before = before;
        this.now = now;
        this.root = new Directory(parent.map(Snapshot::tree));
    }

    /** What is told of a file beside its content. {@code extended}: attributes as a file system keeps them. */
    public record Entry(int permissions, long uid, long gid, Instant modified, Map<String, byte[]> extended) {
        public Entry {
            extended = Map.copyOf(extended);
        }

        static Entry of(Node node) {
            Attributes a = node.attributes();
            return new Entry(a.permissions(), a.uid(), a.gid(), a.modified(), node.extended());
        }

        /** Something of this user of which only a time is known. */
        public static Entry at(Instant modified, int permissions) {
            return new Entry(permissions, 0, 0, modified, Map.of());
        }
    }

    /** A directory that may still grow. */
    private static final class Directory {
        final Map<String, Directory> below = new HashMap<>();
        final Map<String, Node> nodes = new HashMap<>();
        final Optional<Id> earlierTree;
        Optional<Map<String, Node>> earlier = Optional.empty();
        Optional<Entry> entry = Optional.empty();

        Directory(Optional<Id> earlierTree) {
            this.earlierTree = earlierTree;
        }

        /** What nobody says otherwise stays as it was: a directory of the same content is the same tree again. */
        static Directory of(Optional<Node> before) {
            Directory directory = new Directory(before.flatMap(Node::subtree));
            directory.entry = before.map(Entry::of);
            return directory;
        }
    }

    /** A path taken apart. */
    private record Place(Directory directory, String name) {}

    /**
     * What the snapshot before this one has at that path. Empty when there is nothing, or when the repository no longer
     * has all content of it.
     */
    public Optional<Node> earlier(String path) {
        Place place = place(path);
        return Optional.ofNullable(earlier(place.directory()).get(place.name()))
                .filter(node -> node.content().stream().allMatch(id -> sink.rely(BlobType.DATA, id)));
    }

    /**
     * Stores a file of {@code size} bytes, or of as many as there are if that is negative. A stream that ends early, or
     * does not end there, fails the snapshot.
     *
     * @param dataClass how to cut it; empty: by its first bytes
     * @return the node, for its size and pieces
     */
    public Node file(String path, Entry entry, Optional<DataClass> dataClass, long size, InputStream content) {
        progress.expected(Math.max(0, size));
        long known = size < 0 ? Long.MAX_VALUE : size;
        FileStorer.Stored stored =
                storer.store((target, at, length, _) -> read(path, content, target, at, length), known, dataClass);
        if (size >= 0 && stored.size() != size) {
            throw new RepositoryFault.Source(
                    path + " should have " + size + " bytes and its stream had " + stored.size());
        }
        Node node = node(path, Kind.FILE, entry).withContent(stored.blobs(), stored.size());
        add(path, node);
        files++;
        bytes += stored.size();
        return node;
    }

    private static int read(String path, InputStream in, byte[] target, int at, int length) {
        try {
            return Math.max(0, in.read(target, at, length));
        } catch (IOException failed) {
            throw new RepositoryFault.Source("the stream of " + path + " failed: " + failed.getMessage(), failed);
        }
    }

    /** Content that is read at any place, such as an image. */
    public interface Pages {
        /** Reads up to {@code length} bytes at {@code position}; 0 only at the end. */
        int read(byte[] target, int at, int length, long position);
    }

    /**
     * True when {@link #changed} can go on from that node for a file of {@code size} bytes: it was cut into the same
     * pages.
     */
    public boolean goesOn(Node earlier, long size) {
        List<Integer> lengths = earlier.content().stream()
                .map(id -> before.orElseThrow().place(BlobType.DATA, id).blob().size())
                .toList();
        return storer.samePages(lengths, earlier.size(), size);
    }

    /**
     * Stores a file of {@code size} bytes of which only the ranges may differ from the earlier node, which must go on;
     * without one, all else is zeros. Nothing but the pages in these ranges is read: 64 KiB each, more when the file is
     * larger than 16 GiB.
     *
     * @param ranges in order, without overlap
     */
    public Node changed(
            String path, Entry entry, long size, Optional<Node> earlier, List<PageRange> ranges, Pages content) {
        progress.expected(size);
        FileStorer.Stored stored = storer.pages(
                content::read,
                size,
                ranges,
                earlier.map(Node::content).orElse(List.of()),
                earlier.map(Node::size).orElse(0L));
        Node node = node(path, Kind.FILE, entry).withContent(stored.blobs(), stored.size());
        add(path, node);
        files++;
        bytes += stored.size();
        return node;
    }

    /** Takes the content that {@link #earlier} found, which is not read again. */
    public void reuse(String path, Entry entry, Node earlier) {
        Checks.check(earlier.kind() == Kind.FILE, "only the content of files is reused");
        add(path, node(path, Kind.FILE, entry).withContent(earlier.content(), earlier.size()));
        files++;
        reused++;
        bytes += earlier.size();
        progress.expected(earlier.size());
        progress.done(earlier.size());
    }

    /** Takes back a file: its content turned out not to be what was wanted, and another may be given there. */
    public void withdraw(String path) {
        Place place = place(path);
        Optional<Node> gone = Optional.ofNullable(place.directory().nodes.remove(place.name()));
        Checks.check(
                gone.map(Node::kind).equals(Optional.of(Kind.FILE)),
                "only a file that is there is withdrawn, not %s",
                path);
        files--;
        bytes -= gone.orElseThrow().size();
    }

    /** Says of a directory what is not told by the files in it; makes it if it is not there. */
    public void directory(String path, Entry entry) {
        directory(path).entry = Optional.of(entry);
    }

    public void symbolicLink(String path, Entry entry, String target) {
        Node plain = node(path, Kind.LINK, entry);
        add(
                path,
                new Node(
                        plain.name(),
                        plain.attributes(),
                        "",
                        "",
                        target,
                        plain.extended(),
                        List.of(),
                        Optional.empty()));
    }

    /** Nothing more comes at or below this directory. */
    public void finished(String path) {
        Place place = place(path);
        Directory directory = place.directory().below.remove(place.name());
        if (directory != null) {
            Checks.check(
                    place.directory().nodes.put(place.name(), closed(place.name(), directory)) == null,
                    "%s is finished once",
                    path);
        }
    }

    private Node closed(String name, Directory directory) {
        Entry entry = directory.entry.orElse(Entry.at(now, PERMISSIONS));
        return node(name, Kind.DIRECTORY, entry).withSubtree(tree(directory));
    }

    private Id tree(Directory directory) {
        List<Node> nodes = new ArrayList<>(directory.nodes.values());
        directory.below.forEach((name, below) -> nodes.add(closed(name, below)));
        return sink.tree(TreeCodec.encode(nodes));
    }

    /** The tree of everything. */
    Id finish() {
        return tree(root);
    }

    TreeWalk.Counts counts() {
        return new TreeWalk.Counts(files, reused, bytes, 0);
    }

    private void add(String path, Node node) {
        Place place = place(path);
        boolean taken = place.directory().below.containsKey(place.name())
                || place.directory().nodes.put(place.name(), node) != null;
        Checks.check(!taken, "%s is given once", path);
    }

    private static Node node(String path, Kind kind, Entry entry) {
        Attributes attributes = new Attributes(
                kind, entry.permissions(), entry.uid(), entry.gid(), 0, 0, 0, 1, 0, entry.modified(), entry.modified());
        String name = path.substring(path.lastIndexOf('/') + 1);
        return new Node(name, attributes, "", "", "", entry.extended(), List.of(), Optional.empty());
    }

    private Place place(String path) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        Checks.check(path.startsWith("/") && !name.isEmpty(), "a path of a snapshot is absolute: %s", path);
        return new Place(directory(path.substring(0, slash)), name);
    }

    private Directory directory(String path) {
        Directory at = root;
        for (String name : path.split("/")) {
            if (!name.isEmpty()) {
                Checks.check(!name.equals(".") && !name.equals(".."), "a path of a snapshot is clean: %s", path);
                Directory parent = at;
                Checks.check(
                        !parent.nodes.containsKey(name), "%s in %s is a directory that is not finished", name, path);
                at = at.below.computeIfAbsent(
                        name,
                        _ -> Directory.of(Optional.ofNullable(earlier(parent).get(name))));
            }
        }
        return at;
    }

    private Map<String, Node> earlier(Directory directory) {
        if (directory.earlier.isEmpty()) {
            directory.earlier = Optional.of(read(directory.earlierTree));
        }
        return directory.earlier.get();
    }

    private Map<String, Node> read(Optional<Id> tree) {
        Map<String, Node> nodes = new HashMap<>();
        try {
            if (tree.isPresent() && before.isPresent()) {
                before.get().tree(tree.get()).forEach(node -> nodes.put(node.name(), node));
            }
        } catch (RepositoryFault.Damaged damaged) {
            // Without the earlier tree everything is stored again; the damage itself is the business of a check.
            progress.problem(String.valueOf(damaged.getMessage()));
        }
        return nodes;
    }
}

package io.cairn.repository;

import io.cairn.repository.cut.DataClass;
import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Attributes;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import io.cairn.repository.tree.TreeCodec;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes one snapshot: of directories, of a stream, or of a tree that somebody tells. Write order and the checks at the
 * end are those of {@code docs/formats/repository.md}: when a method returns, the snapshot is durable and complete;
 * when it throws, there is none. One use, one thread.
 */
public final class Backup {
    private static final int STREAM_PERMISSIONS = 0600;

    private final Repository repository;
    private final Progress progress;
    private final List<String> tags;
    private final Optional<DataClass> dataClass;

    /** @param dataClass how to cut all content; empty to decide by each file's first bytes */
    public Backup(Repository repository, Progress progress, List<String> tags, Optional<DataClass> dataClass) {
        this.repository = repository;
        this.progress = progress;
        this.tags = List.copyOf(tags);
        this.dataClass = dataClass;
    }

    /** What a run did: files of which {@code reused} were not read, bytes, and what it added to the repository. */
    public record Result(
            Id snapshot,
            Optional<Id> parent,
            long files,
            long reused,
            long bytes,
            long problems,
            long newBlobs,
            long newBytes,
            long storedBytes) {}

    /** The random id of the repository that this goes into. */
    public String repositoryId() {
        return repository.id();
    }

    /** Stores absolute, clean paths. Files that cannot be read are reported and left out. */
    public Result directories(List<String> paths, Predicate<String> excluded) {
        return run(paths, (session, parent) -> {
            Optional<BlobSource> earlier = parent.map(_ -> new BlobSource(repository, session.loaded.index()));
            try (TreeWalk walk =
                    new TreeWalk(session.sink, session.storer, session.workers, earlier, excluded, progress)) {
                Id tree = walk.roots(paths, parent.map(Snapshot::tree));
                return new Stored(tree, walk.counts());
            }
        });
    }

    /** Stores a stream as one file of that name at the top of the snapshot. A stream that fails leaves no snapshot. */
    public Result stream(String name, InputStream in) {
        return run(List.of("/" + name), (session, _) -> {
            FileStorer.Stored stored =
                    session.storer.large((target, offset, length, _) -> read(in, target, offset, length), 0);
            progress.expected(stored.size());
            Instant now = repository.actor().clock().now();
            Attributes attributes = new Attributes(
                    Kind.FILE,
                    STREAM_PERMISSIONS,
                    repository.actor().uid(),
                    repository.actor().gid(),
                    0,
                    0,
                    0,
                    1,
                    stored.size(),
                    now,
                    now);
            Node node = new Node(name, attributes, "", "", "", Map.of(), stored.blobs(), Optional.empty());
            Id tree = session.sink.tree(TreeCodec.encode(List.of(node)));
            return new Stored(tree, new TreeWalk.Counts(1, 0, stored.size(), 0));
        });
    }

    /**
     * Stores what {@code content} tells of; what it throws leaves no snapshot.
     *
     * @param paths names of what is stored: the snapshot before with the same ones is this one's parent
     */
    public Result tree(List<String> paths, Consumer<TreeBuilder> content) {
        return run(paths, (session, parent) -> {
            TreeBuilder builder = new TreeBuilder(
                    session.sink,
                    session.storer,
                    progress,
                    parent.map(_ -> new BlobSource(repository, session.loaded.index())),
                    parent,
                    repository.actor().clock().now());
            content.accept(builder);
            return new Stored(builder.finish(), builder.counts());
        });
    }

    private static int read(InputStream in, byte[] target, int offset, int length) {
        try {
            return Math.max(0, in.read(target, offset, length));
        } catch (IOException failed) {
            throw new RepositoryFault.Source("the stream ended with an error: " + failed.getMessage(), failed);
        }
    }

    private record Stored(Id tree, TreeWalk.Counts counts) {}

    /** What stores the content. */
    private interface Content {
        Stored store(Session session, Optional<Snapshot> parent);
    }

    /** The parts of a run that its content needs. */
    private final class Session implements AutoCloseable {
        final Repository.Loaded loaded = repository.loadIndex();
        final IndexWriter indexes;
        final BlobSink sink;
        final Workers workers = new Workers("backup");
        final FileStorer storer;

        Session(Lease lease) {
            indexes = new IndexWriter(repository, lease);
            sink = new BlobSink(
                    repository.backend(),
                    repository.key(),
                    loaded.index(),
                    repository.actor().clock(),
                    indexes);
            storer = new FileStorer(sink, repository.cutters(), workers, progress, dataClass);
        }

        @Override
        public void close() {
            workers.close();
            sink.close();
            loaded.index().close();
        }
    }

    private Result run(List<String> paths, Content content) {
        repository.requireWritable();
        Instant start = repository.actor().clock().now();
        try (Lease lease = Lease.writer(repository)) {
            Optional<Snapshot> parent = parent(paths);
            try (Session session = new Session(lease)) {
                Stored stored = content.store(session, parent);
                session.sink.flush();
                lease.check();
                Id snapshot = repository
                        .documents()
                        .save(
                                Area.SNAPSHOTS,
                                Snapshot.document(start, parent, stored.tree(), paths, repository.actor(), tags));
                confirm(session, lease, snapshot);
                BlobSink.Added added = session.sink.added();
                TreeWalk.Counts counts = stored.counts();
                return new Result(
                        snapshot,
                        parent.map(Snapshot::id),
                        counts.files(),
                        counts.reused(),
                        counts.bytes(),
                        counts.problems(),
                        added.blobs(),
                        added.bytes(),
                        added.stored());
            }
        }
    }

    /** The latest snapshot of the same paths of this host. */
    private Optional<Snapshot> parent(List<String> paths) {
        return repository.snapshots().reversed().stream()
                .filter(s -> s.host().equals(repository.actor().host()))
                .filter(s -> s.paths().equals(paths))
                .findFirst();
    }

    /** The end of the protocol: everything relied on is still there, and the lease stands; or the snapshot goes. */
    private void confirm(Session session, Lease lease, Id snapshot) {
        try {
            new Reliance(repository, session.loaded.index(), session.sink).restore();
            lease.check();
        } catch (RepositoryFault fault) {
            repository.backend().delete(new FileName(Area.SNAPSHOTS, snapshot.toString()));
            session.indexes.withdraw();
            throw fault;
        }
    }
}

package io.cairn.metadata;

import io.cairn.base.Checks;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.CommandCodec;
import io.cairn.model.CorruptFault;
import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.OutcomeCodec;
import io.cairn.model.PartRow;
import io.cairn.model.Placement;
import io.cairn.model.ReplicatedState;
import io.cairn.model.ScrubMark;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import io.cairn.model.UserRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;

/**
 * The metadata of one log member, in RocksDB. Each log entry enters it as one atomic batch that also carries the
 * entry's index. The batch is in the write-ahead log but not synced: a crash may lose the last entries, never a part of
 * one, and {@link #appliedIndex()} then says which index the state really has, so that the command log replays the
 * rest.
 *
 * <p>Applying, flushing and replacing the state take turns under one lock; reads never wait for them, and go on
 * undisturbed while the state is replaced or closed. Layout: {@code docs/formats/metadata-rows.md}.
 */
public final class MetadataStore implements ReplicatedState, MetadataView {
    private static final int FORMAT = 1;
    private static final String CHECKPOINT = "rocksdb";

    private final Object turn = new Object();
    private final StoreDirectory directory;
    private final MetadataOptions options;
    private volatile Database database;
    private volatile boolean closed;
    private volatile long applied;
    private PendingRows pending;
    private Decisions decisions;
    private @Nullable StorageFault broken;

    private MetadataStore(Path root, MetadataOptions options) {
        this.directory = new StoreDirectory(root);
        this.options = options;
        Optional<Path> current = directory.current();
        Path path = current.orElseGet(directory::first);
        this.database = opened(path, current.isEmpty());
        if (current.isEmpty()) {
            directory.point(path);
        }
        directory.removeAllBut(path);
        this.pending = new PendingRows(database);
        this.decisions = new Decisions(pending);
        this.applied = appliedIn(database);
    }

    /**
     * Opens the store in that directory, or makes an empty one there if there never was any.
     *
     * @throws CorruptFault when something was there but cannot be read; it is left as it is
     */
    public static MetadataStore open(Path root, MetadataOptions options) {
        return new MetadataStore(root, options);
    }

    /** Loads the native library ahead of the first open. */
    public static void preload() {
        RocksDB.loadLibrary();
    }

    @Override
    public long appliedIndex() {
        return applied;
    }

    @Override
    public List<byte[]> apply(long index, List<byte[]> commands) {
        synchronized (turn) {
            requireHealth();
            Checks.check(index > applied, "an index above %s, not %s", applied, index);
            try {
                List<byte[]> outcomes = new ArrayList<>(commands.size());
                for (byte[] command : commands) {
                    outcomes.add(OutcomeCodec.encode(decisions.decide(CommandCodec.decode(command))));
                }
                pending.commit(index);
                applied = index;
                return outcomes;
            } catch (StorageFault fault) {
                broken = fault;
                throw fault;
            } finally {
                pending.discard();
            }
        }
    }

    @Override
    public void skip(long index) {
        synchronized (turn) {
            applied = Math.max(applied, index);
        }
    }

    @Override
    public long flush() {
        synchronized (turn) {
            requireHealth();
            noteApplied();
            database.flush();
            return applied;
        }
    }

    @Override
    public long checkpoint(Path target) {
        synchronized (turn) {
            requireHealth();
            noteApplied();
            database.checkpoint(target.resolve(CHECKPOINT));
            StoreDirectory.attempt("checkpoint", () -> {
                StoreDirectory.sync(target.resolve(CHECKPOINT));
                StoreDirectory.sync(target);
                return target;
            });
            return applied;
        }
    }

    @Override
    public void restore(Path source) {
        synchronized (turn) {
            Checks.check(!closed, "an open store");
            if (!Files.isDirectory(source.resolve(CHECKPOINT))) {
                throw new CorruptFault(source + " is not a checkpoint of metadata: it has no directory " + CHECKPOINT);
            }
            Path path = directory.copyIn(source.resolve(CHECKPOINT));
            Database next = opened(path, false);
            long nextApplied = pointTo(path, next);
            Database before = database;
            pending = new PendingRows(next);
            decisions = new Decisions(pending);
            applied = nextApplied;
            broken = null;
            database = next;
            before.release();
            // Readers of the old state may still be at work: its directory goes at the next open.
        }
    }

    @Override
    public void close() {
        synchronized (turn) {
            if (closed) {
                return;
            }
            closed = true;
            Database last = database;
            try {
                if (broken == null) {
                    noteApplied();
                    last.flush();
                }
            } finally {
                // Also of a drive that is gone: its directory may come back, and must not be locked by this process.
                last.release();
                last.awaitGone();
            }
        }
    }

    @Override
    public Optional<BucketRow> bucket(BucketName name) {
        return read(reads -> reads.bucket(name));
    }

    @Override
    public List<BucketRow> buckets() {
        return read(Reads::buckets);
    }

    @Override
    public Optional<ObjectRow> object(BucketRow bucket, ObjectKey key) {
        return read(reads -> reads.object(bucket, key));
    }

    @Override
    public ListPage list(BucketRow bucket, ListQuery query) {
        return reading(open -> new Listing(bucket.id(), query).read(open));
    }

    @Override
    public Optional<UploadRow> upload(BucketRow bucket, ObjectKey key, UploadId id) {
        return read(reads -> reads.upload(bucket, key, id));
    }

    @Override
    public List<UploadRow> uploads(BucketRow bucket, String prefix, String keyMarker, String idMarker, int limit) {
        return read(reads -> reads.uploads(bucket, prefix, keyMarker, idMarker, limit));
    }

    @Override
    public List<PartRow> parts(UploadId upload, int after, int limit) {
        return read(reads -> reads.parts(upload, after, limit));
    }

    @Override
    public Optional<UserRow> user(String accessKey) {
        return read(reads -> reads.user(accessKey));
    }

    @Override
    public List<UserRow> users() {
        return read(Reads::users);
    }

    @Override
    public Optional<Placement> placement() {
        return read(Reads::placement);
    }

    @Override
    public List<Queued> reclaims(long after, int limit) {
        return read(reads -> reads.queue(Family.RECLAIM, after, limit));
    }

    @Override
    public List<Queued> repairs(long after, int limit) {
        return read(reads -> reads.queue(Family.REPAIRS, after, limit));
    }

    @Override
    public Usage usage() {
        return read(reads -> reads.usage(RowKeys.USAGE));
    }

    @Override
    public Usage usage(BucketRow bucket) {
        return read(reads -> reads.usage(RowKeys.usage(bucket.id())));
    }

    @Override
    public void blobs(Predicate<BlobRef> visitor) {
        read(reads -> {
            reads.blobs(visitor);
            return true;
        });
    }

    @Override
    public BlobPage blobs(String after, int rows) {
        return read(reads -> reads.blobs(after, rows));
    }

    @Override
    public Optional<ScrubMark> scrub() {
        return read(Reads::scrub);
    }

    /**
     * A SHA-256 over every row but the applied index. Members that applied the same commands have the same digest,
     * however the commands were cut into entries. Reads everything: slow on a large store.
     */
    public byte[] digest() {
        return reading(StateDigest::of);
    }

    /** Changes rows outside of the log's order, in the applying thread's place; for {@link BulkLoader}. */
    void loading(BiConsumer<Database, PendingRows> body) {
        synchronized (turn) {
            requireHealth();
            body.accept(database, pending);
            pending.commit(applied);
        }
    }

    /** Runs the body with a database that cannot go away meanwhile. */
    <T> T reading(Function<Database, T> body) {
        while (!closed) {
            Database open = database;
            if (open.acquire()) {
                try {
                    return body.apply(open);
                } finally {
                    open.release();
                }
            }
        }
        throw new UnavailableFault("the metadata store is closed");
    }

    private <T> T read(Function<Reads, T> body) {
        return reading(open -> body.apply(new Reads(open)));
    }

    private void requireHealth() {
        Checks.check(!closed, "an open store");
        if (broken != null) {
            throw new UnavailableFault("the metadata store stopped after a fault; open it again", broken);
        }
    }

    /** Writes down the index of entries that carried no command. */
    private void noteApplied() {
        if (appliedIn(database) < applied) {
            pending.commit(applied);
        }
    }

    private Database opened(Path path, boolean create) {
        Database open = new Database(path, options, create);
        try {
            checkFormat(open);
            return open;
        } catch (StorageFault fault) {
            open.release();
            throw fault;
        }
    }

    /** Makes the new database the one that counts, or closes it again. */
    private long pointTo(Path path, Database next) {
        try {
            next.flush();
            long index = appliedIn(next);
            directory.point(path);
            return index;
        } catch (StorageFault fault) {
            next.release();
            throw fault;
        }
    }

    private static long appliedIn(Database open) {
        return open.get(Family.META, RowKeys.APPLIED).map(Ledger::decodeNumber).orElse(0L);
    }

    /** A store without any row at all was made just before a crash; one with rows but without a format is damaged. */
    private static void checkFormat(Database open) {
        Optional<byte[]> format = open.get(Family.META, RowKeys.FORMAT);
        if (format.isEmpty()) {
            if (appliedIn(open) > 0) {
                throw new CorruptFault("the metadata in " + open.directory() + " says no format; run 'cairn salvage'");
            }
            PendingRows first = new PendingRows(open);
            first.put(Family.META, RowKeys.FORMAT, new byte[] {FORMAT});
            first.commit(0);
        } else if (format.get().length != 1 || format.get()[0] != FORMAT) {
            throw new CorruptFault("the metadata in " + open.directory() + " has format " + format.get()[0]
                    + ", this program knows " + FORMAT + "; start the newer program that wrote it");
        }
    }
}

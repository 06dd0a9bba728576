package io.cairn.repository.pack;

import io.cairn.base.Clock;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.MasterKey;
import io.cairn.repository.seal.Sealer;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.FileName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where new blobs go: deduplicated against the index, compressed and sealed by the calling thread, packed, and uploaded
 * by two threads of its own. An index of the packs that are complete is written every thirty seconds.
 *
 * <p>Memory: at most three packs being filled and three finished, of 16 MiB; callers wait when the place is slower than
 * they are. A failed upload is thrown at every caller from then on. Blobs of several files meet in each pack. Safe for
 * use by many threads.
 */
public final class BlobSink implements AutoCloseable {
    private static final int PACK_SIZE = 16 << 20;
    private static final int BUFFER = PACK_SIZE + (5 << 18);
    private static final int OPEN_DATA_PACKS = 2;
    private static final int UPLOADERS = 2;
    private static final int UPLOADS = UPLOADERS + 1;
    private static final int INDEX_BLOBS = 40_000;
    private static final int TREE_LEVEL = 3;
    private static final Duration CHECKPOINT = Duration.ofSeconds(30);
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final Backend backend;
    private final MasterKey key;
    private final CompactIndex index;
    private final Clock clock;
    private final int known;
    private final Consumer<byte[]> indexWriter;
    private final BitSet relied = new BitSet();
    private final Set<Claim> claimed = ConcurrentHashMap.newKeySet();
    private final PackBuilder[] data = new PackBuilder[OPEN_DATA_PACKS];
    private final ArrayDeque<byte[]> buffers = new ArrayDeque<>();
    private final ExecutorService uploaders;
    private final Semaphore uploads = new Semaphore(UPLOADS);
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final Map<Id, List<PackedBlob>> unindexed = new LinkedHashMap<>();
    private final Set<Id> written = new LinkedHashSet<>();
    private final LongAdder newBlobs = new LongAdder();
    private final LongAdder newBytes = new LongAdder();
    private final LongAdder storedBytes = new LongAdder();
    private PackBuilder trees;
    private int turn;
    private long checkpoint;

    /** A blob that is on its way into a pack. */
    private record Claim(BlobType type, Id id) {}

    /** What was added: blobs, their content in bytes, and the bytes of packs that it takes. */
    public record Added(long blobs, long bytes, long stored) {}

    /** @param indexWriter stores the JSON of an index file, durably */
    public BlobSink(Backend backend, MasterKey key, CompactIndex index, Clock clock, Consumer<byte[]> indexWriter) {
        this.backend = backend;
        this.key = key;
        this.index = index;
        this.clock = clock;
        this.known = index.size();
        this.indexWriter = indexWriter;
        this.uploaders = Executors.newFixedThreadPool(
                UPLOADERS, Thread.ofPlatform().daemon().name("pack-upload-", 0).factory());
        this.trees = new PackBuilder(BlobType.TREE, new byte[1 << 20]);
        this.checkpoint = clock.nanos();
        for (int i = 0; i < data.length; i++) {
            data[i] = new PackBuilder(BlobType.DATA, buffer());
        }
    }

    /** Stores a piece of a file unless it is there already; returns its id. */
    public Id data(byte[] bytes, int offset, int length, DataClass dataClass) {
        return store(BlobType.DATA, bytes, offset, length, dataClass.level());
    }

    /** Stores a tree unless it is there already; returns its id. */
    public Id tree(byte[] json) {
        return store(BlobType.TREE, json, 0, json.length, TREE_LEVEL);
    }

    private Id store(BlobType type, byte[] bytes, int offset, int length, int level) {
        Id id = Id.of(bytes, offset, length);
        if (rely(type, id) || !claimed.add(new Claim(type, id))) {
            return id;
        }
        Scratch scratch = SCRATCH.get();
        scratch.reserve(length);
        int squeezed = Squeeze.ofThread().compress(bytes, offset, length, scratch.squeezed, level);
        int sealed = squeezed > 0
                ? key.sealer().seal(scratch.squeezed, 0, squeezed, scratch.sealed, 0)
                : key.sealer().seal(bytes, offset, length, scratch.sealed, 0);
        newBlobs.increment();
        newBytes.add(length);
        add(type, id, scratch.sealed, sealed, squeezed > 0 ? length : 0);
        return id;
    }

    /** Takes a blob in its sealed form, as it lies in another pack. */
    public void sealed(PackedBlob blob, byte[] sealed) {
        if (claimed.add(new Claim(blob.type(), blob.id()))) {
            newBlobs.increment();
            newBytes.add(blob.size());
            add(blob.type(), blob.id(), sealed, blob.length(), blob.plainLength());
        }
    }

    /** True when the blob is in the index; then it is remembered that the caller relies on it. */
    public boolean rely(BlobType type, Id id) {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        int number = index.find(type, id);
        if (number >= 0 && number < known) {
            synchronized (relied) {
                relied.set(number);
            }
        }
        return number >= 0;
    }

    private void add(BlobType type, Id id, byte[] sealed, int length, int plainLength) {
        PackBuilder full = null;
        synchronized (data) {
            turn = (turn + 1) % data.length;
            PackBuilder builder = type == BlobType.TREE ? trees : data[turn];
            builder.add(id, sealed, length, plainLength);
            if (builder.length() >= PACK_SIZE) {
                full = builder;
                if (type == BlobType.TREE) {
                    trees = new PackBuilder(type, new byte[1 << 20]);
                } else {
                    data[turn] = new PackBuilder(type, buffer());
                }
            }
        }
        if (full != null) {
            upload(full);
        }
    }

    private byte[] buffer() {
        synchronized (buffers) {
            byte[] used = buffers.poll();
            return used == null ? new byte[BUFFER] : used;
        }
    }

    private void upload(PackBuilder builder) {
        uploads.acquireUninterruptibly();
        uploaders.execute(() -> {
            try {
                save(builder);
            } catch (RuntimeException failed) {
                failure.compareAndSet(null, failed);
            } finally {
                uploads.release();
            }
        });
    }

    private void save(PackBuilder builder) {
        if (failure.get() != null) {
            return;
        }
        Sealer sealer = key.sealer();
        PackBuilder.FinishedPack pack = builder.finish(sealer);
        backend.save(new FileName(Area.PACKS, pack.id().toString()), pack.bytes(), pack.length());
        storedBytes.add(pack.length());
        if (pack.bytes().length == BUFFER) {
            synchronized (buffers) {
                buffers.add(pack.bytes());
            }
        }
        index.add(pack.id(), pack.blobs());
        pack.blobs().forEach(blob -> claimed.remove(new Claim(blob.type(), blob.id())));
        synchronized (unindexed) {
            unindexed.put(pack.id(), pack.blobs());
            written.add(pack.id());
            int waiting = unindexed.values().stream().mapToInt(List::size).sum();
            if (waiting >= INDEX_BLOBS || clock.nanos() - checkpoint > CHECKPOINT.toNanos()) {
                writeIndex();
            }
        }
    }

    private void writeIndex() {
        if (!unindexed.isEmpty()) {
            indexWriter.accept(IndexFile.encode(unindexed));
            unindexed.clear();
        }
        checkpoint = clock.nanos();
    }

    /** Ends all packs and makes them and their index durable. */
    public void flush() {
        synchronized (data) {
            for (int i = 1; i < data.length; i++) {
                if (data[0].length() + data[i].length() < PACK_SIZE) {
                    data[0].absorb(data[i]);
                }
            }
            for (int i = 0; i < data.length; i++) {
                data[i] = flushed(data[i]);
            }
            trees = flushed(trees);
        }
        uploads.acquireUninterruptibly(UPLOADS);
        uploads.release(UPLOADS);
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        synchronized (unindexed) {
            writeIndex();
        }
    }

    private PackBuilder flushed(PackBuilder builder) {
        if (builder.isEmpty()) {
            return builder;
        }
        upload(builder);
        return new PackBuilder(builder.type(), new byte[1 << 16]);
    }

    /** The packs of the loaded index that callers relied on. */
    public Set<Id> reliedOn() {
        Set<Id> packs = new LinkedHashSet<>();
        synchronized (relied) {
            List<Id> all = index.packs();
            index.packsOf(relied).stream().forEach(pack -> packs.add(all.get(pack)));
        }
        return packs;
    }

    /** The numbers of the blobs, in the loaded index, that callers relied on. */
    public BitSet reliedBlobs() {
        synchronized (relied) {
            return (BitSet) relied.clone();
        }
    }

    /** The packs that this sink stored. */
    public Set<Id> written() {
        synchronized (unindexed) {
            return Set.copyOf(written);
        }
    }

    public Added added() {
        return new Added(newBlobs.sum(), newBytes.sum(), storedBytes.sum());
    }

    @Override
    public void close() {
        uploaders.shutdownNow();
        SCRATCH.remove();
    }

    /** Memory of one thread for the forms that a blob takes. */
    private static final class Scratch {
        private byte[] squeezed = new byte[0];
        private byte[] sealed = new byte[0];

        void reserve(int length) {
            int bound = Squeeze.bound(length);
            if (squeezed.length < bound) {
                squeezed = new byte[bound];
                sealed = new byte[bound + Sealer.OVERHEAD];
            }
        }
    }
}

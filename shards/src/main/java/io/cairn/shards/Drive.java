package io.cairn.shards;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.DriveSpace;
import io.cairn.model.LabelledShard;
import io.cairn.model.ShardInfo;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.ShardWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One drive: a directory with an identity whose shards are durable when acknowledged.
 *
 * <p>Appends and releases go through a bounded queue to one writer thread ({@link DriveWriter}); reads go past it
 * ({@link ShardReader}). Another thread looks every {@link DriveOptions#watchInterval} whether the directory is still
 * this drive, and a third compacts. Futures are completed on the writer's thread: what depends on them must not block.
 * Safe for use by many threads.
 */
public final class Drive implements ShardStore {
    private final DriveParts parts;
    private final @Nullable DriveThreads threads;
    private boolean closed;

    private Drive(DriveParts parts, @Nullable DriveThreads threads) {
        this.parts = parts;
        this.threads = threads;
    }

    /** What is at a path. Changes nothing. */
    public static DriveInspection inspect(Path directory) {
        return DriveFormat.inspect(directory);
    }

    /**
     * Makes a drive of a missing or blank directory, durably. A crash half-way leaves it blank.
     *
     * @throws DriveFault when the directory holds something else, or cannot be written
     */
    public static DriveIdentity format(Path directory, DriveId id, String cluster) {
        return DriveFormat.format(directory, id, cluster, Clock.system());
    }

    /**
     * Opens a formatted drive and brings its index up to its segments.
     *
     * @throws DriveFault when it is not a drive, is in use, or cannot be read or written
     */
    public static Drive open(Path directory, DriveOptions options) {
        return open(new FileDisk(directory), directory, options);
    }

    /** Opens the drive in the directory through a disk of its own. */
    static Drive open(Disk disk, Path directory, DriveOptions options) {
        Path index = directory.toAbsolutePath().resolve(DriveLayout.INDEX);
        Drive drive = new Drive(
                DriveParts.open(
                        disk,
                        directory.toString(),
                        options,
                        () -> RocksIndex.open(index, options),
                        Entropy.secure(),
                        Clock.system()),
                null);
        return new Drive(drive.parts, DriveThreads.start(drive.parts));
    }

    /** Opens a drive without threads of its own: {@link #step} and {@link #compact} do their work. For simulations. */
    static Drive manual(Disk disk, DriveOptions options, Entropy entropy, Clock clock) {
        return new Drive(DriveParts.open(disk, "simulated", options, MemoryIndex::new, entropy, clock), null);
    }

    /**
     * Passes every record of a drive's segments without opening it: for when nothing else is left. Live and dead
     * records come in the order of their segments; the greatest sequence of a key counts.
     */
    public static void scanOffline(Path directory, OfflineScan.Visitor visitor) {
        OfflineScan.run(new FileDisk(directory), visitor);
    }

    @Override
    public DriveId id() {
        return parts.identity().id();
    }

    public DriveIdentity identity() {
        return parts.identity();
    }

    @Override
    public Optional<String> mended() {
        return parts.mended();
    }

    @Override
    public Optional<DriveFault> trouble() {
        return Optional.ofNullable(parts.health().fault());
    }

    @Override
    public DriveSpace space() {
        return parts.space(capacity(), usable());
    }

    private long capacity() {
        try {
            return parts.disk().capacity();
        } catch (IOException gone) {
            return 0;
        }
    }

    private long usable() {
        try {
            return parts.disk().usable();
        } catch (IOException gone) {
            return 0;
        }
    }

    public DriveStats stats() {
        return parts.stats();
    }

    @Override
    public CompletableFuture<Void> append(ShardWrite shard) {
        if (shard.length() > RecordHead.PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "payload of " + shard.length() + " bytes, at most " + RecordHead.PAYLOAD_BYTES_MAX);
        }
        DriveFault fault = parts.health().fault();
        if (fault != null) {
            return CompletableFuture.failedFuture(fault);
        }
        int[] table = RecordHead.table(shard.label(), shard.payload(), shard.offset(), shard.length());
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!parts.queue().add(new WriteRequest.Append(shard, table, done))) {
            return CompletableFuture.failedFuture(refusal());
        }
        parts.damage().healed(shard.key());
        return done;
    }

    /** Why the queue takes nothing. */
    private DriveFault refusal() {
        DriveFault fault = parts.health().fatal();
        return fault != null ? fault : new DriveFault(DriveFault.Kind.GONE, "drive " + id() + " is closed");
    }

    @Override
    public Optional<ShardInfo> find(ShardKey key) {
        ShardCopy copy = parts.index().row(key).live();
        return copy == null ? Optional.empty() : Optional.of(info(key, copy));
    }

    private ShardInfo info(ShardKey key, ShardCopy copy) {
        Segment segment = parts.segments().find(copy.segment());
        Stream stream = segment == null ? Stream.PACKED : segment.stream();
        long stored = RecordHead.storedBytes(stream, copy.labelLength(), copy.payloadLength());
        return new ShardInfo(key, copy.payloadLength(), stored);
    }

    @Override
    public boolean read(ShardKey key, int offset, ByteBuffer target) {
        return parts.reader().read(key, offset, target);
    }

    @Override
    public boolean verify(ShardKey key) {
        return parts.reader().verify(key);
    }

    @Override
    public Optional<byte[]> label(ShardKey key) {
        return parts.reader().label(key);
    }

    /**
     * Readers are waited for in the sense that matters: a read under way either returns the right bytes, verified, or
     * answers that the shard is gone. It never sees a hole (see {@link ShardReader}).
     */
    @Override
    public void release(Collection<ShardKey> keys) {
        CompletableFuture<Void> done = releaseLater(keys);
        try {
            Void _ = done.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof DriveFault fault) {
                throw fault;
            }
            throw failure;
        }
    }

    /** As {@link #release}, without waiting: the future completes when the release is durable. */
    public CompletableFuture<Void> releaseLater(Collection<ShardKey> keys) {
        DriveFault fatal = parts.health().fatal();
        if (fatal != null) {
            return CompletableFuture.failedFuture(fatal);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!parts.queue().add(new WriteRequest.Release(List.copyOf(keys), done))) {
            return CompletableFuture.failedFuture(refusal());
        }
        return done;
    }

    @Override
    public void scan(Consumer<LabelledShard> visitor) {
        try {
            LiveScan.run(parts, visitor);
        } catch (IOException failure) {
            throw new DriveFault(parts.presence().kindOf(failure), "scan failed: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void writeCatalogue(byte[] content) {
        DriveFault fatal = parts.health().fatal();
        if (fatal != null) {
            throw fatal;
        }
        try {
            SmallFile.replace(parts.disk(), DriveLayout.CATALOGUE, Catalogue.encode(content));
            parts.presence().check(DriveLayout.CATALOGUE);
        } catch (IOException failure) {
            throw new DriveFault(
                    parts.presence().kindOf(failure),
                    "the catalogue was not written: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public Optional<byte[]> readCatalogue() {
        try {
            return SmallFile.read(parts.disk(), DriveLayout.CATALOGUE).map(Catalogue::decode);
        } catch (IOException failure) {
            throw new DriveFault(
                    parts.presence().kindOf(failure), "the catalogue was not read: " + failure.getMessage(), failure);
        }
    }

    /**
     * Compacts until no segment is worth it. Also done in the background; by hand for tests and an operator in a hurry.
     */
    public void compact() {
        try {
            boolean more = true;
            while (more) {
                more = compactOne();
            }
        } catch (IOException failure) {
            throw new DriveFault(
                    parts.presence().kindOf(failure), "compaction failed: " + failure.getMessage(), failure);
        }
    }

    private boolean compactOne() throws IOException {
        return threads != null
                ? threads.compactOne()
                : parts.compactOne(request -> {
                    boolean added = parts.queue().add(request);
                    boolean _ = parts.writer().step();
                    return added;
                });
    }

    /** Writes one batch of what is queued; false when nothing was. Only without threads. */
    boolean step() {
        return parts.writer().step();
    }

    /** Makes a zero-filled segment ahead of its use. Also done in the background. */
    void prepareSpare() throws IOException {
        if (parts.spares().wanted()) {
            parts.spares().prepare();
        }
    }

    /** Looks once whether the drive is there and has space. Also done in the background. */
    void look() {
        parts.look();
    }

    List<Damage.Range> damagedRanges() {
        return parts.damage().ranges();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        parts.queue().close();
        if (threads != null) {
            threads.join();
        } else {
            boolean more = true;
            while (more) {
                more = parts.writer().step();
            }
        }
        parts.close();
    }
}

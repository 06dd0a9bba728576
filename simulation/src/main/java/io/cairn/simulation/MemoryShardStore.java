package io.cairn.simulation;

import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.DriveSpace;
import io.cairn.model.LabelledShard;
import io.cairn.model.ShardInfo;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.ShardWrite;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A drive on the heap that keeps the contract of {@link ShardStore} and can be told to fail: to be full, gone or
 * broken, or to hold damaged bytes. It forgets everything with the process. Safe for use by many threads.
 */
public final class MemoryShardStore implements ShardStore {
    private record Stored(byte[] label, byte[] payload, boolean damaged) {}

    private final DriveId id;
    private final long capacity;
    private final Map<ShardKey, Stored> shards = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable DriveFault> fault = new AtomicReference<>();
    private final AtomicReference<byte @Nullable []> catalogue = new AtomicReference<>();
    private final AtomicLong live = new AtomicLong();
    private final AtomicLong reclaimed = new AtomicLong();

    public MemoryShardStore(DriveId id, long capacity) {
        this.id = id;
        this.capacity = capacity;
    }

    /**
     * From now on the drive has this fault: FULL refuses appends, READ_ONLY every write, GONE and BROKEN everything.
     */
    public void fail(DriveFault.Kind kind) {
        fault.set(new DriveFault(kind, "drive " + id + " was told to be " + kind));
    }

    /** Back in service, with all its shards. */
    public void repair() {
        fault.set(null);
    }

    /** Damages the stored payload of a shard, if the drive has it. */
    public void damage(ShardKey key) {
        Stored _ = shards.computeIfPresent(key, (_, old) -> new Stored(old.label(), old.payload(), true));
    }

    @Override
    public DriveId id() {
        return id;
    }

    @Override
    public Optional<String> mended() {
        return Optional.empty();
    }

    @Override
    public Optional<DriveFault> trouble() {
        return Optional.ofNullable(fault.get());
    }

    @Override
    public DriveSpace space() {
        long used = live.get();
        return new DriveSpace(capacity, Math.max(0, capacity - used), used, 0, used, reclaimed.get(), shards.size());
    }

    @Override
    public CompletableFuture<Void> append(ShardWrite shard) {
        DriveFault standing = fault.get();
        if (standing != null) {
            return CompletableFuture.failedFuture(standing);
        }
        if (live.get() + shard.length() + shard.label().length > capacity) {
            return CompletableFuture.failedFuture(new DriveFault(DriveFault.Kind.FULL, "drive " + id + " is full"));
        }
        byte[] payload = Arrays.copyOfRange(shard.payload(), shard.offset(), shard.offset() + shard.length());
        Stored added = new Stored(shard.label().clone(), payload, false);
        Stored old = shards.put(shard.key(), added);
        long _ = live.addAndGet(bytes(added) - (old == null ? 0 : bytes(old)));
        return CompletableFuture.completedFuture(null);
    }

    private static long bytes(Stored stored) {
        return (long) stored.label().length + stored.payload().length;
    }

    private void checkReadable() {
        DriveFault standing = fault.get();
        if (standing != null
                && (standing.kind() == DriveFault.Kind.GONE || standing.kind() == DriveFault.Kind.BROKEN)) {
            throw standing;
        }
    }

    private void checkWritable() {
        DriveFault standing = fault.get();
        if (standing != null && standing.kind() != DriveFault.Kind.FULL) {
            throw standing;
        }
    }

    @Override
    public Optional<ShardInfo> find(ShardKey key) {
        checkReadable();
        return Optional.ofNullable(shards.get(key)).map(stored -> info(key, stored));
    }

    private static ShardInfo info(ShardKey key, Stored stored) {
        return new ShardInfo(key, stored.payload().length, bytes(stored));
    }

    @Override
    public boolean read(ShardKey key, int offset, ByteBuffer target) {
        checkReadable();
        Stored stored = shards.get(key);
        if (stored == null) {
            return false;
        }
        int _ = Objects.checkFromIndexSize(offset, target.remaining(), stored.payload().length);
        checkWhole(key, stored);
        target.put(stored.payload(), offset, target.remaining());
        return true;
    }

    private void checkWhole(ShardKey key, Stored stored) {
        if (stored.damaged()) {
            throw new CorruptFault("shard " + key + " on drive " + id + " is damaged");
        }
    }

    @Override
    public boolean verify(ShardKey key) {
        checkReadable();
        Stored stored = shards.get(key);
        if (stored == null) {
            return false;
        }
        checkWhole(key, stored);
        return true;
    }

    @Override
    public Optional<byte[]> label(ShardKey key) {
        checkReadable();
        return Optional.ofNullable(shards.get(key)).map(stored -> stored.label().clone());
    }

    @Override
    public void release(Collection<ShardKey> keys) {
        checkWritable();
        for (ShardKey key : keys) {
            Stored old = shards.remove(key);
            if (old != null) {
                long _ = live.addAndGet(-bytes(old));
                long _ = reclaimed.addAndGet(bytes(old));
            }
        }
    }

    @Override
    public void scan(Consumer<LabelledShard> visitor) {
        checkReadable();
        shards.forEach((key, stored) -> visitor.accept(
                new LabelledShard(info(key, stored), stored.label().clone(), stored.damaged())));
    }

    @Override
    public void writeCatalogue(byte[] content) {
        checkWritable();
        catalogue.set(content.clone());
    }

    @Override
    public Optional<byte[]> readCatalogue() {
        checkReadable();
        return Optional.ofNullable(catalogue.get()).map(byte[]::clone);
    }

    @Override
    public void close() {}
}

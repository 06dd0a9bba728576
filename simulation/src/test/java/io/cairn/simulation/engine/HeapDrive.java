package io.cairn.simulation.engine;

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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A drive on the heap that may be gone, or late. Closing it keeps its shards, as a disk would. Thread-safe. */
final class HeapDrive implements ShardStore {
    private record Stored(byte[] label, byte[] payload) {}

    private final DriveId id;
    private final Map<ShardKey, Stored> shards = new ConcurrentSkipListMap<>();
    private volatile boolean gone;
    private volatile @Nullable CompletableFuture<Void> gate;
    private volatile byte @Nullable [] catalogue;

    HeapDrive(int number) {
        id = new DriveId(new UUID(number, 77));
    }

    void gone(boolean now) {
        gone = now;
    }

    boolean isGone() {
        return gone;
    }

    /** Appends are not acknowledged before the gate is completed. */
    void gate(@Nullable CompletableFuture<Void> now) {
        gate = now;
    }

    Set<ShardKey> keys() {
        return Set.copyOf(shards.keySet());
    }

    void drop(ShardKey key) {
        shards.remove(key);
    }

    private void require() {
        if (gone) {
            throw new DriveFault(DriveFault.Kind.GONE, "drive " + id + " is gone");
        }
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
        return gone ? Optional.of(new DriveFault(DriveFault.Kind.GONE, "gone")) : Optional.empty();
    }

    @Override
    public DriveSpace space() {
        return new DriveSpace(1 << 30, 1 << 30, 0, 0, 0, 0, shards.size());
    }

    @Override
    public CompletableFuture<Void> append(ShardWrite shard) {
        require();
        CompletableFuture<Void> wait = gate;
        Runnable store = () -> shards.put(
                shard.key(),
                new Stored(
                        shard.label(),
                        Arrays.copyOfRange(shard.payload(), shard.offset(), shard.offset() + shard.length())));
        if (wait != null) {
            return wait.thenRun(store);
        }
        store.run();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<ShardInfo> find(ShardKey key) {
        require();
        return Optional.ofNullable(shards.get(key))
                .map(stored -> new ShardInfo(key, stored.payload().length, stored.payload().length));
    }

    @Override
    public Optional<byte[]> label(ShardKey key) {
        require();
        return Optional.ofNullable(shards.get(key)).map(Stored::label);
    }

    @Override
    public boolean read(ShardKey key, int offset, ByteBuffer target) {
        require();
        Stored stored = shards.get(key);
        if (stored == null) {
            return false;
        }
        target.put(stored.payload(), offset, target.remaining());
        return true;
    }

    @Override
    public boolean verify(ShardKey key) {
        require();
        return shards.containsKey(key);
    }

    @Override
    public void release(Collection<ShardKey> keys) {
        require();
        keys.forEach(shards::remove);
    }

    @Override
    public void scan(Consumer<LabelledShard> visitor) {
        require();
        shards.forEach((key, stored) -> visitor.accept(new LabelledShard(
                new ShardInfo(key, stored.payload().length, stored.payload().length), stored.label(), false)));
    }

    @Override
    public void writeCatalogue(byte[] content) {
        require();
        catalogue = content;
    }

    @Override
    public Optional<byte[]> readCatalogue() {
        return Optional.ofNullable(catalogue);
    }

    @Override
    public void close() {}
}

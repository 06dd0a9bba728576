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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A drive on the heap that may be gone, late, or hang. Closing it keeps its shards, as a disk would. Thread-safe. */
final class HeapDrive implements ShardStore {
    private record Stored(byte[] label, byte[] payload) {}

    private final DriveId id;
    private final Map<ShardKey, Stored> shards = new ConcurrentSkipListMap<>();
    private volatile boolean gone;
    private volatile @Nullable CompletableFuture<Void> gate;
    private volatile byte @Nullable [] catalogue;
    private final Object bus = new Object();
    private final List<Late> late = new ArrayList<>();
    private boolean hanging;
    private volatile boolean stalled;

    /** An append that a drive which hangs has taken and not answered. */
    private record Late(ShardWrite shard, CompletableFuture<Void> done) {}

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

    /** From now on nothing comes back. */
    void hang() {
        synchronized (bus) {
            hanging = true;
        }
    }

    /** As the watch of a real drive does: says that it hangs, to those who wait for an append too. */
    void stall() {
        synchronized (bus) {
            stalled = hanging;
            late.forEach(append -> append.done().completeExceptionally(hung()));
        }
    }

    /** Everything comes back: appends are written from their payload as it is now. */
    void answer() {
        synchronized (bus) {
            hanging = false;
            stalled = false;
            late.forEach(append -> store(append.shard()));
            late.clear();
            bus.notifyAll();
        }
    }

    private DriveFault hung() {
        return new DriveFault(DriveFault.Kind.HUNG, "drive " + id + " hangs");
    }

    /** Waits while the drive hangs; true when it did. */
    private boolean waited() {
        synchronized (bus) {
            boolean waited = hanging;
            while (hanging) {
                try {
                    bus.wait();
                } catch (InterruptedException stray) {
                    throw new IllegalStateException(stray);
                }
            }
            return waited;
        }
    }

    private void store(ShardWrite shard) {
        shards.put(
                shard.key(),
                new Stored(
                        shard.label(),
                        Arrays.copyOfRange(shard.payload(), shard.offset(), shard.offset() + shard.length())));
    }

    Set<ShardKey> keys() {
        return Set.copyOf(shards.keySet());
    }

    void drop(ShardKey key) {
        shards.remove(key);
    }

    private void require() {
        boolean _ = waited();
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
        if (stalled) {
            return Optional.of(hung());
        }
        return gone ? Optional.of(new DriveFault(DriveFault.Kind.GONE, "gone")) : Optional.empty();
    }

    @Override
    public DriveSpace space() {
        boolean _ = waited();
        return new DriveSpace(1 << 30, 1 << 30, 0, 0, 0, 0, shards.size());
    }

    @Override
    public CompletableFuture<Void> append(ShardWrite shard) {
        synchronized (bus) {
            if (hanging) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                late.add(new Late(shard, done));
                if (stalled) {
                    late.removeLast();
                    return CompletableFuture.failedFuture(hung());
                }
                return done;
            }
        }
        require();
        CompletableFuture<Void> wait = gate;
        if (wait != null) {
            return wait.thenRun(() -> store(shard));
        }
        store(shard);
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
        if (waited()) {
            // What a disk gives late is as good as garbage to whoever has gone on.
            while (target.hasRemaining()) {
                target.put((byte) 0x55);
            }
            return true;
        }
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

package io.cairn.simulation.engine;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.consensus.MemoryLog;
import io.cairn.engine.ContentSource;
import io.cairn.engine.DriveOpener;
import io.cairn.engine.EngineOptions;
import io.cairn.engine.ObjectRead;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PutResult;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.CommandLog;
import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardStore;
import io.cairn.simulation.MemoryMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The engine over drives on the heap and metadata in memory, with short waits. Thread-safe. */
final class EngineNode implements AutoCloseable {
    static final int STRIPE = 128 << 10;
    private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

    private final List<HeapDrive> drives = new ArrayList<>();
    private final ObjectStore store;
    private final BucketRow bucket;

    EngineNode(int count, String redundancy) {
        this(count, redundancy, new MemoryLog(new MemoryMetadata()), 8 * STRIPE);
    }

    EngineNode(int count, String redundancy, CommandLog log, int memory) {
        this(count, redundancy, log, memory, 0);
    }

    EngineNode(int count, String redundancy, CommandLog log, int memory, long scrubBytesPerSecond) {
        Map<Path, ShardStore> open = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            open.put(path(i), make(i));
        }
        store = ObjectStore.open(new ObjectStore.Setup(
                new EngineOptions(
                        ByteCount.of(memory),
                        STRIPE,
                        Duration.ofMillis(500),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofMillis(100),
                        Duration.ofMillis(300),
                        scrubBytesPerSecond),
                log,
                "gateway",
                open,
                new Shelf(),
                redundancy.isEmpty() ? Optional.empty() : Optional.of(Redundancy.parse(redundancy)),
                Clock.system(),
                Entropy.seeded(1)));
        Outcome _ = store.buckets().create(new BucketName("bucket"), "owner", "");
        bucket = store.buckets().find(new BucketName("bucket")).orElseThrow();
    }

    static Path path(int number) {
        return Path.of("/drives/" + number);
    }

    private HeapDrive make(int number) {
        HeapDrive drive = new HeapDrive(number);
        drives.add(drive);
        return drive;
    }

    HeapDrive drive(int number) {
        return drives.get(number);
    }

    ObjectStore store() {
        return store;
    }

    BucketRow bucket() {
        return bucket;
    }

    static byte[] content(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    ObjectRow put(String key, byte[] bytes) {
        return switch (put(key, source(bytes), bytes.length)) {
            case PutResult.Stored(ObjectRow row) -> row;
            case PutResult.Refused(Outcome reason) -> throw new IllegalStateException("refused: " + reason);
        };
    }

    PutResult put(String key, ContentSource source, long length) {
        try {
            return store.objects()
                    .put(
                            bucket,
                            new ObjectKey(key),
                            Map.of(),
                            new Precondition.None(),
                            OptionalLong.of(length),
                            source);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    static ContentSource source(byte[] bytes) {
        return new ContentSource() {
            private int at;

            @Override
            public int read(byte[] target, int offset, int length) {
                if (at == bytes.length) {
                    return -1;
                }
                int count = Math.min(length, bytes.length - at);
                System.arraycopy(bytes, at, target, offset, count);
                at += count;
                return count;
            }

            @Override
            public Facts facts() {
                return new Facts(new ETag("tag"), Optional.empty());
            }
        };
    }

    void delete(String key) {
        Outcome _ = store.objects().delete(bucket, new ObjectKey(key), new Precondition.None());
    }

    Optional<ObjectRead> open(String key) {
        return open(row(key));
    }

    /** Opens what a row of some time ago says. */
    Optional<ObjectRead> open(ObjectRow row) {
        return store.objects().open(bucket, row, 0, row.size());
    }

    ObjectRow row(String key) {
        return store.objects().find(bucket, new ObjectKey(key)).orElseThrow();
    }

    byte[] get(String key) {
        try (ObjectRead read = open(key).orElseThrow()) {
            return all(read);
        }
    }

    byte[] range(String key, long from, long length) {
        ObjectRow row = store.objects().find(bucket, new ObjectKey(key)).orElseThrow();
        try (ObjectRead read = store.objects().open(bucket, row, from, length).orElseThrow()) {
            return all(read);
        }
    }

    static byte[] all(ObjectRead read) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            read.transferTo(piece -> {
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                bytes.writeBytes(copy);
            });
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return bytes.toByteArray();
    }

    /** How many shards lie on all drives. */
    int shards() {
        return drives.stream().mapToInt(drive -> drive.keys().size()).sum();
    }

    /** How many shards of one blob lie on all drives. */
    int shardsOf(long blob) {
        return drives.stream()
                .mapToInt(drive -> (int) drive.keys().stream()
                        .filter(key -> key.blob().value() == blob)
                        .count())
                .sum();
    }

    boolean idle() {
        return store.repairsWaiting(1) == 0
                && store.reclaimsWaiting(1) == 0
                && !store.healing().running();
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen: " + what + "; " + store.drives() + store.healing() + " "
                        + store.repairsWaiting(1000) + " repairs, " + store.reclaimsWaiting(1000) + " reclaims");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        store.close();
    }

    /** The drives that exist, by their directories; an unknown directory is blank. */
    private final class Shelf implements DriveOpener {
        @Override
        public Found open(Path directory) {
            int number = Integer.parseInt(directory.getFileName().toString());
            if (number >= drives.size()) {
                return new Found.Blank();
            }
            return drives.get(number).isGone() ? new Found.Unusable("gone") : new Found.Opened(drives.get(number));
        }

        @Override
        public ShardStore format(Path directory) {
            return make(drives.size());
        }
    }
}

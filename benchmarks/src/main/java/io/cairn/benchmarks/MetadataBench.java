package io.cairn.benchmarks;

import io.cairn.base.Clock;
import io.cairn.metadata.BulkLoader;
import io.cairn.metadata.MetadataOptions;
import io.cairn.metadata.MetadataStore;
import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.ETag;
import io.cairn.model.ListQuery;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.OutcomeCodec;
import io.cairn.model.Precondition;
import io.cairn.model.Redundancy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The metadata store alone: commands applied per second by size of the log entry, pages of 1,000 keys and point lookups
 * per second, by the clock and by the thread's own CPU time (what a busy machine leaves untouched). Arguments: an empty
 * directory, the number of objects, seconds per measurement. For one thread.
 */
public final class MetadataBench {
    private static final BucketName BUCKET = new BucketName("bench");
    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final int PAGE = 1_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Clock clock = Clock.system();
    private final SplittableRandom random = new SplittableRandom(1);
    private final MetadataStore store;
    private final long objects;
    private final long nanosPerMeasurement;
    private BucketRow bucket;
    private long epoch;
    private long blobs;

    private MetadataBench(MetadataStore store, long objects, long seconds) {
        this.store = store;
        this.objects = objects;
        this.nanosPerMeasurement = seconds * 1_000_000_000L;
        this.epoch = 1;
        long start = clock.nanos();
        BulkLoader.load(
                store,
                BUCKET,
                AT,
                LongStream.range(0, objects).mapToObj(this::row).iterator());
        print("bulk load, rows/s", objects, clock.nanos() - start);
        bucket = store.bucket(BUCKET).orElseThrow();
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        long objects = Long.parseLong(arguments[1]);
        long seconds = Long.parseLong(arguments[2]);
        Clock clock = Clock.system();
        try (MetadataStore store = MetadataStore.open(directory, MetadataOptions.defaults())) {
            new MetadataBench(store, objects, seconds).run();
        }
        long start = clock.nanos();
        try (MetadataStore store = MetadataStore.open(directory, MetadataOptions.defaults())) {
            System.out.printf(
                    "open after a clean close: %d ms, index %d%n",
                    (clock.nanos() - start) / 1_000_000, store.appliedIndex());
        }
    }

    private void run() {
        Outcome leased =
                OutcomeCodec.decode(store.apply(store.appliedIndex() + 1, List.of(CommandCodec.encode(lease())))
                        .getFirst());
        if (leased instanceof Outcome.Leased(long given)) {
            epoch = given;
        }
        for (int round = 0; round < 2; round++) {
            for (int batch : new int[] {1, 16, 256}) {
                measure("new objects/s, " + batch + " per entry", i -> apply(batch, objects + i * batch));
                measure("overwrites/s, " + batch + " per entry", _ -> apply(batch, random.nextLong(objects)));
            }
            measure("pages of 1,000 keys/s", _ -> list(""));
            measure("pages of 1,000 prefixes/s", _ -> list("/"));
            measure("point lookups/s", _ -> lookUp());
        }
    }

    private void measure(String what, LongUnaryOperator operation) {
        long start = clock.nanos();
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        long done = 0;
        for (long i = 0; clock.nanos() - start < nanosPerMeasurement; i++) {
            done += operation.applyAsLong(i);
        }
        long cpu = THREADS.getCurrentThreadCpuTime() - cpuStart;
        print(what, done, clock.nanos() - start);
        print(what + " of CPU time", done, cpu);
    }

    private void print(String what, long count, long nanos) {
        System.out.printf("%,d objects: %s: %,.0f%n", objects, what, count * 1e9 / Math.max(1, nanos));
    }

    private long apply(int batch, long first) {
        List<byte[]> commands = IntStream.range(0, batch)
                .mapToObj(i -> CommandCodec.encode(put(first + i)))
                .toList();
        store.apply(store.appliedIndex() + 1, commands);
        return batch;
    }

    private long list(String delimiter) {
        String after = key(random.nextLong(Math.max(1, objects - 2 * PAGE))).value();
        store.list(bucket, new ListQuery("", delimiter, after, PAGE));
        return 1;
    }

    private long lookUp() {
        return store.object(bucket, key(random.nextLong(objects))).isPresent() ? 1 : 0;
    }

    private Command lease() {
        return new Command.AcquireLease("bench", AT);
    }

    private Command put(long number) {
        return new Command.PutObject(BUCKET, bucket.id(), epoch, row(number), new Precondition.None(), List.of());
    }

    /** Two keys to a directory, so that a delimiter has something to jump over. */
    private static ObjectKey key(long number) {
        return new ObjectKey("%09d/object-%d".formatted(number / 2, number % 2));
    }

    private ObjectRow row(long number) {
        BlobRef blob = new BlobRef(BlobId.of(epoch, blobs++), 4096, 1 << 20, new Redundancy.Copies(1), 1);
        ETag etag = new ETag("%016x%016x".formatted(number * 0x9E3779B97F4A7C15L, blobs));
        List<ObjectPart> parts = List.of(new ObjectPart(0, 4096, blob, Optional.empty()));
        Map<String, String> headers = Map.of("content-type", "application/octet-stream");
        return new ObjectRow(key(number), 4096, etag, AT, headers, Optional.empty(), parts, blob);
    }
}

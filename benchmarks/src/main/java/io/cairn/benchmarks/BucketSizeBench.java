package io.cairn.benchmarks;

import io.cairn.consensus.RatisMember;
import io.cairn.metadata.BulkLoader;
import io.cairn.metadata.MetadataOptions;
import io.cairn.metadata.MetadataStore;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Whether a large bucket is as fast as a small one: two stores side by side, one with 10,000 objects in a bucket and
 * one with very many, their rounds in turns. The rows are written into the stopped stores' metadata in bulk; they all
 * name the content of one real object of 4 KiB, so every key can be read. For one thread.
 */
final class BucketSizeBench {
    private static final String BUCKET = "bench";
    private static final String SEED = "seed";
    private static final long SMALL_OBJECTS = 10_000;
    private static final int PREPARED = 20_000;
    private static final double SHARE = 0.6;

    private final BenchOptions options;
    private final Report report;
    private final Path directory;
    private final ByteBuffer content = MachineLimits.random(BareNettyServer.SMALL_BYTES);

    BucketSizeBench(BenchOptions options, Report report, Path directory) {
        this.options = options;
        this.report = report;
        this.directory = directory;
    }

    void run() throws IOException, InterruptedException {
        Path few = filled("few", SMALL_OBJECTS);
        Path many = filled("many", options.objects());
        try (ServerProcess small = ServerProcess.cairn(options.program(), few);
                ServerProcess large = ServerProcess.cairn(options.program(), many)) {
            report.fact(String.format(
                    java.util.Locale.ROOT,
                    "start to listening: %.2f s with %,d objects, %.2f s with %,d objects",
                    small.startSeconds(),
                    SMALL_OBJECTS,
                    large.startSeconds(),
                    options.objects()));
            System.out.println(Report.operationsHead());
            compare("LIST 1,000 keys, 16 connections", 16, small, large, this::pages);
            compare("PUT 4 KiB, 64 connections", 64, small, large, this::puts);
            compare("GET 4 KiB, 64 connections", 64, small, large, this::gets);
            long peak = large.figures().residentBytesMax();
            report.bar(Bar.atMost("resident memory with the large bucket", 1024, peak / 1048576.0, "MiB"));
        }
    }

    private interface Work {
        Supplier<SignedCall> on(ServerProcess server, long objects);
    }

    private Supplier<SignedCall> pages(ServerProcess server, long objects) {
        S3Calls calls = server.calls();
        SplittableRandom random = new SplittableRandom(5);
        return CallPool.again(PREPARED, _ -> calls.list(BUCKET, OperationBench.key(random.nextLong(objects - 1_000))));
    }

    private Supplier<SignedCall> puts(ServerProcess server, long objects) {
        S3Calls calls = server.calls();
        return new CallPool.Fresh(number -> calls.put(BUCKET, "object/" + OperationBench.spread(number), content));
    }

    private Supplier<SignedCall> gets(ServerProcess server, long objects) {
        S3Calls calls = server.calls();
        SplittableRandom random = new SplittableRandom(6);
        return CallPool.again(
                PREPARED, _ -> calls.get(BUCKET, OperationBench.key(random.nextLong(objects)), content.remaining()));
    }

    private void compare(String name, int connections, ServerProcess small, ServerProcess large, Work work)
            throws IOException {
        if (!options.wants(name)) {
            return;
        }
        Supplier<SignedCall> few = work.on(small, SMALL_OBJECTS);
        Supplier<SignedCall> many = work.on(large, options.objects());
        List<Measured.Round> ofFew = new ArrayList<>();
        List<Measured.Round> ofMany = new ArrayList<>();
        S3Load.run(small.address(), few, connections, options.warmUp());
        S3Load.run(large.address(), many, connections, options.warmUp());
        for (int i = 0; i < options.rounds(); i++) {
            ofFew.add(OperationBench.round(small, few, connections, options.round()));
            ofMany.add(OperationBench.round(large, many, connections, options.round()));
        }
        Measured control = new Measured(name + ", 10,000 objects", ofFew);
        Measured measured =
                new Measured(String.format(java.util.Locale.ROOT, "%s, %,d objects", name, options.objects()), ofMany);
        report.operation(control);
        report.operation(measured);
        report.bar(Bar.share(
                measured.name(), SHARE, "the rate at 10,000", control.perSecond(), measured.perSecond(), "/s"));
    }

    /** A store with one real object and that many rows that name its content. */
    private Path filled(String name, long objects) throws IOException, InterruptedException {
        Path data = directory.resolve(name);
        try (ServerProcess server = ServerProcess.cairn(options.program(), data)) {
            S3Calls calls = server.calls();
            OperationBench.require(S3Load.count(server.address(), () -> calls.createBucket(BUCKET), 1, 1));
            OperationBench.require(S3Load.count(server.address(), () -> calls.put(BUCKET, SEED, content), 1, 1));
        }
        long start = System.nanoTime();
        try (MetadataStore store = MetadataStore.open(stateDirectory(data), MetadataOptions.defaults())) {
            BucketRow bucket = store.bucket(new BucketName(BUCKET)).orElseThrow();
            ObjectRow seed = store.object(bucket, new ObjectKey(SEED)).orElseThrow();
            BulkLoader.fill(
                    store,
                    bucket,
                    LongStream.range(0, objects)
                            .mapToObj(number -> row(seed, number))
                            .iterator());
        }
        report.fact(String.format(
                java.util.Locale.ROOT,
                "%,d rows loaded in %.1f s; metadata takes %.0f MB",
                objects,
                (System.nanoTime() - start) / 1e9,
                sizeOf(stateDirectory(data)) / 1e6));
        return data;
    }

    private static Path stateDirectory(Path data) {
        return new RatisMember("bench", data.resolve("meta")).stateDirectory();
    }

    /** Entity tag and time differ from row to row, for equal rows would be compressed to nothing. */
    private static ObjectRow row(ObjectRow seed, long number) {
        return new ObjectRow(
                new ObjectKey(OperationBench.key(number)),
                seed.size(),
                new ETag(OperationBench.spread(number + 1) + OperationBench.spread(~number)),
                seed.modified().plusMillis(number),
                seed.headers(),
                seed.checksum(),
                seed.parts(),
                seed.seal());
    }

    private static long sizeOf(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}

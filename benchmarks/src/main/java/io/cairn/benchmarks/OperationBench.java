package io.cairn.benchmarks;

import static io.cairn.benchmarks.S3Bench.PROBE;
import static io.cairn.benchmarks.S3Bench.medianOf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The usual run: start-up, memory, and every operation at its number of connections. For one thread. */
final class OperationBench {
    private static final String BUCKET = "bench";
    private static final int SMALL_BYTES = BareNettyServer.SMALL_BYTES;
    private static final int LARGE_BYTES = BareNettyServer.LARGE_BYTES;
    private static final long SMALL_OBJECTS = 20_000;
    private static final int LARGE_OBJECTS = 8;
    private static final int LARGE_KEYS = 24;
    private static final int MANY = 64;
    private static final int FEW = 16;
    private static final int LARGE_CONNECTIONS = 4;
    private static final int STARTS = 5;

    private final BenchOptions options;
    private final Report report;
    private final Path directory;
    private final ByteBuffer small = MachineLimits.random(SMALL_BYTES);
    private final ByteBuffer large = MachineLimits.random(LARGE_BYTES);

    OperationBench(BenchOptions options, Report report, Path directory) {
        this.options = options;
        this.report = report;
        this.directory = directory;
    }

    void run() throws IOException, InterruptedException, NoSuchAlgorithmException {
        if (options.wants("start")) {
            startUp();
        }
        MachineLimits limits = new MachineLimits(directory, PROBE);
        report.fact("disk, 4 KiB records: " + Report.number(medianOf(3, limits::singleCommits))
                + "/s synced one by one, " + Report.number(medianOf(3, limits::groupCommits))
                + "/s in groups of 64 per fdatasync");
        try (ServerProcess cairn = ServerProcess.cairn(options.program(), directory.resolve("store"));
                ServerProcess netty = ServerProcess.bareNetty(directory)) {
            System.out.println(Report.operationsHead());
            Run run = new Run(cairn, netty, limits);
            run.seed();
            run.smallObjects();
            run.listings();
            run.largeObjects();
            run.removals();
            if (options.only().isEmpty()) {
                long peak = cairn.figures().residentBytesMax();
                report.bar(Bar.atMost("resident memory under load", 1024, peak / 1048576.0, "MiB"));
            }
        }
    }

    private void startUp() throws IOException, InterruptedException {
        double[] starts = new double[STARTS];
        double[] idle = new double[STARTS];
        double[] versions = new double[STARTS];
        for (int i = -1; i < STARTS; i++) {
            Path data = directory.resolve("start" + i);
            try (ServerProcess server = ServerProcess.cairn(options.program(), data)) {
                Thread.sleep(3000);
                starts[Math.max(0, i)] = server.startSeconds();
                idle[Math.max(0, i)] = server.figures().residentBytes() / 1048576.0;
            }
            versions[Math.max(0, i)] = versionSeconds();
            S3Bench.remove(data);
        }
        report.bar(Bar.atMost("start to the first answer, new store", 0.8, Measured.median(starts), "s"));
        report.bar(Bar.atMost("cairn --version", 0.3, Measured.median(versions), "s"));
        report.bar(Bar.atMost("resident memory, idle", 300, Measured.median(idle), "MiB"));
    }

    private double versionSeconds() throws IOException, InterruptedException {
        long start = System.nanoTime();
        new ProcessBuilder(options.program().toString(), "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return (System.nanoTime() - start) / 1e9;
    }

    /** The operations against one daemon and the control. */
    private final class Run {
        private final ServerProcess cairn;
        private final ServerProcess netty;
        private final MachineLimits limits;
        private final S3Calls calls;
        private final CallPool.Fresh puts;

        Run(ServerProcess cairn, ServerProcess netty, MachineLimits limits) {
            this.cairn = cairn;
            this.netty = netty;
            this.limits = limits;
            calls = cairn.calls();
            puts = new CallPool.Fresh(number -> calls.put(BUCKET, "put/" + spread(number), small));
        }

        /** Makes the bucket and the objects that are read. */
        void seed() throws IOException {
            require(S3Load.count(cairn.address(), () -> calls.createBucket(BUCKET), 1, 1));
            CallPool.Fresh seeds = new CallPool.Fresh(number -> calls.put(BUCKET, key(number), small));
            require(S3Load.count(cairn.address(), seeds.prepare(SMALL_OBJECTS), MANY, SMALL_OBJECTS));
            CallPool.Fresh larges = new CallPool.Fresh(number -> calls.put(BUCKET, largeKey(number), large));
            require(S3Load.count(cairn.address(), larges, LARGE_CONNECTIONS, LARGE_OBJECTS));
        }

        void smallObjects() throws IOException {
            Supplier<SignedCall> gets =
                    CallPool.again(SMALL_OBJECTS, number -> calls.get(BUCKET, key(number), SMALL_BYTES));
            Supplier<SignedCall> heads =
                    CallPool.again(SMALL_OBJECTS, number -> calls.head(BUCKET, key(number), SMALL_BYTES));
            for (Measured m : measure("PUT 4 KiB, 64 connections", MANY, puts)) {
                report.bar(Bar.atLeast("PUT 4 KiB, 64 connections", 5_000, m.perSecond(), "/s"));
            }
            for (Measured m : measure("PUT 4 KiB, 16 connections", FEW, puts)) {
                report.bar(Bar.atMost("p99 of PUT 4 KiB, 16 connections", 30, m.millisAt(99), "ms"));
            }
            for (Measured m : measure("GET 4 KiB, 64 connections", MANY, gets)) {
                report.bar(Bar.atLeast("GET 4 KiB, 64 connections", 10_000, m.perSecond(), "/s"));
            }
            for (Measured m : measure("GET 4 KiB, 16 connections", FEW, gets)) {
                report.bar(Bar.atMost("p99 of GET 4 KiB, 16 connections", 30, m.millisAt(99), "ms"));
            }
            if (options.wants("GET 4 KiB, 64 connections")) {
                control("bare Netty GET 4 KiB, 64 connections", MANY, plain("/4k", SMALL_BYTES));
            }
            for (Measured m : measure("HEAD, 64 connections", MANY, heads)) {
                report.bar(Bar.atLeast("HEAD, 64 connections", 12_000, m.perSecond(), "/s"));
            }
            SplittableRandom random = new SplittableRandom(3);
            measure(
                    "mixed (70 % GET, 20 % PUT, 10 % HEAD), 64 connections",
                    MANY, () -> {
                        int choice = random.nextInt(10);
                        return choice < 7 ? gets.get() : choice < 9 ? puts.get() : heads.get();
                    });
        }

        void listings() throws IOException {
            Supplier<SignedCall> pages =
                    CallPool.again(SMALL_OBJECTS - 1_000, number -> calls.list(BUCKET, key(number)));
            for (Measured m : measure("LIST 1,000 keys, 16 connections", FEW, pages)) {
                report.bar(Bar.atLeast("LIST of 1,000 keys, 16 connections", 500, m.perSecond(), "pages/s"));
            }
        }

        void largeObjects() throws IOException, NoSuchAlgorithmException {
            Supplier<SignedCall> uploads =
                    CallPool.again(LARGE_KEYS, number -> calls.put(BUCKET, "upload/" + number, large));
            Supplier<SignedCall> downloads =
                    CallPool.again(LARGE_OBJECTS, number -> calls.get(BUCKET, largeKey(number), LARGE_BYTES));
            List<Double> disk = new ArrayList<>();
            List<Double> md5 = new ArrayList<>();
            for (Measured m : measure("PUT 16 MiB, 4 connections", LARGE_CONNECTIONS, uploads, () -> {
                disk.add(limits.sequentialSyncWrite());
                md5.add(limits.md5());
            })) {
                uploadBar(m, median(disk), median(md5));
            }
            measure("PUT 16 MiB, 1 connection", 1, uploads);
            List<Measured.Round> theirs = new ArrayList<>();
            Supplier<SignedCall> plain = plain("/16m", LARGE_BYTES);
            for (Measured m : measure(
                    "GET 16 MiB, 4 connections",
                    LARGE_CONNECTIONS,
                    downloads,
                    () -> theirs.add(round(netty, plain, LARGE_CONNECTIONS, options.round())))) {
                Measured control =
                        new Measured("bare Netty GET 16 MiB, 4 connections", theirs.subList(1, theirs.size()));
                report.operation(control);
                double bare = control.bytesPerSecond() / 1e6;
                report.bar(
                        Bar.share("GET 16 MiB, page cache", 0.7, "bare Netty", bare, m.bytesPerSecond() / 1e6, "MB/s"));
            }
        }

        private void uploadBar(Measured m, double disk, double md5) {
            report.fact("disk, 16 MiB writes each with fdatasync: " + Report.number(disk / 1e6)
                    + " MB/s; one core's MD5: " + Report.number(md5 / 1e6) + " MB/s");
            String smaller = disk < md5 ? "disk's sequential sync writes" : "one core's MD5";
            report.bar(Bar.share(
                    "PUT 16 MiB, 4 connections",
                    0.6,
                    smaller,
                    Math.min(disk, md5) / 1e6,
                    m.bytesPerSecond() / 1e6,
                    "MB/s"));
        }

        private static double median(List<Double> figures) {
            return Measured.median(
                    figures.stream().mapToDouble(Double::doubleValue).toArray());
        }

        /** Deletes what was put, as far as it goes. */
        void removals() throws IOException {
            if (!options.wants("DELETE")) {
                return;
            }
            CallPool.Fresh deletes = new CallPool.Fresh(number -> calls.delete(BUCKET, "put/" + spread(number)));
            long each = puts.used() / (options.rounds() + 1);
            if (each == 0) {
                return;
            }
            List<Measured.Round> rounds = new ArrayList<>();
            for (int i = 0; i <= options.rounds(); i++) {
                deletes.prepare(each);
                double before = cairn.figures().cpuSeconds();
                S3Load.Result load = S3Load.count(cairn.address(), deletes, MANY, each);
                rounds.add(new Measured.Round(load, cairn.figures().cpuSeconds() - before));
            }
            report.operation(new Measured("DELETE, 64 connections", rounds.subList(1, rounds.size())));
        }

        private List<Measured> measure(String name, int connections, Supplier<SignedCall> source) throws IOException {
            try {
                return measure(name, connections, source, () -> {});
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** The operation's figures, or nothing when it is not wanted; {@code between} runs before every round. */
        private List<Measured> measure(String name, int connections, Supplier<SignedCall> source, Between between)
                throws IOException, NoSuchAlgorithmException {
            if (!options.wants(name)) {
                return List.of();
            }
            List<Measured.Round> rounds = new ArrayList<>();
            between.run();
            S3Load.Result warm =
                    round(cairn, source, connections, options.warmUp()).load();
            for (int i = 0; i < options.rounds(); i++) {
                if (source instanceof CallPool.Fresh fresh) {
                    fresh.prepare((long) (warm.perSecond() * options.round().toSeconds() * 1.5));
                }
                between.run();
                rounds.add(round(cairn, source, connections, options.round()));
            }
            Measured measured = new Measured(name, rounds);
            report.operation(measured);
            return List.of(measured);
        }

        private void control(String name, int connections, Supplier<SignedCall> source) throws IOException {
            List<Measured.Round> rounds = new ArrayList<>();
            for (int i = 0; i <= options.rounds(); i++) {
                rounds.add(round(netty, source, connections, options.round()));
            }
            report.operation(new Measured(name, rounds.subList(1, rounds.size())));
        }

        private Supplier<SignedCall> plain(String target, long bytes) {
            byte[] head = ("GET " + target + " HTTP/1.1\r\nHost: bench\r\n\r\n")
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            SignedCall call = new SignedCall(head, SignedCall.NO_BODY, 200, bytes, false);
            return () -> call;
        }
    }

    /** One timed run and the processor time that it cost the server. */
    static Measured.Round round(ServerProcess server, Supplier<SignedCall> source, int connections, Duration time)
            throws IOException {
        double before = server.figures().cpuSeconds();
        S3Load.Result load = S3Load.run(server.address(), source, connections, time);
        return new Measured.Round(load, server.figures().cpuSeconds() - before);
    }

    /** What happens between two rounds. */
    private interface Between {
        void run() throws IOException, NoSuchAlgorithmException;
    }

    static void require(S3Load.Result load) throws IOException {
        if (load.failures() > 0) {
            throw new IOException(load.failures() + " calls failed, first: " + load.complaint());
        }
    }

    static String key(long number) {
        return "object/%09d".formatted(number);
    }

    private static String largeKey(long number) {
        return "large/" + number;
    }

    /** Numbers in no order, so that new keys fall everywhere among the old ones. */
    static String spread(long number) {
        return "%016x".formatted(number * 0x9E3779B97F4A7C15L);
    }
}

package io.cairn.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bars of the object store in one run: starts a real daemon and a bare Netty server as processes of their own,
 * drives both with the same client, measures the machine between the rounds, and prints what holds. See
 * {@code docs/benchmarks.md}. For one thread.
 */
public final class S3Bench {
    private S3Bench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.print(BenchOptions.USAGE);
            System.exit(2);
            return;
        }
        Report report = new Report();
        Path directory = Files.createTempDirectory(
                Files.createDirectories(options.directory().toAbsolutePath()), "bench-");
        try {
            report.fact("machine: " + machine());
            if (options.objects() > 0) {
                new BucketSizeBench(options, report, directory).run();
            } else {
                new OperationBench(options, report, directory).run();
            }
        } finally {
            remove(directory);
        }
        report.fact("load average at the end: " + loadAverage());
        report.printBars();
        if (options.json().isPresent()) {
            report.writeJson(options.json().get());
        }
        System.exit(report.clean() && report.allHold() ? 0 : 1);
    }

    static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return Runtime.getRuntime().availableProcessors() + " processors (" + model + "), "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.version") + ", load average " + loadAverage();
    }

    static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    /** The median of a machine's limit measured a few times. */
    static double medianOf(int times, Probe probe) throws IOException, NoSuchAlgorithmException {
        double[] figures = new double[times];
        for (int i = 0; i < times; i++) {
            figures[i] = probe.run();
        }
        return Measured.median(figures);
    }

    /** One measurement of the machine. */
    interface Probe {
        double run() throws IOException, NoSuchAlgorithmException;
    }

    /** How long a round of probes lasts. */
    static final Duration PROBE = Duration.ofMillis(700);
}

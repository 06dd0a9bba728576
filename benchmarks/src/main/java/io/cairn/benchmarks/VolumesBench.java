package io.cairn.benchmarks;

import io.cairn.testkit.UnixCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The bars of volumes in one run: a real daemon in the role of volumes, driven as Docker does it; volumes compared with
 * loop devices and filesystems made by hand in the same minute. Needs root and fio. See {@code docs/benchmarks.md}. For
 * one thread.
 */
public final class VolumesBench {
    private static final int GETS = 20_000;
    private static final int CREATIONS = 9;
    private static final int SNAPSHOTS = 5;
    private static final int EXTENTS = 25_000;
    private static final long GIBIBYTE = 1L << 30;
    private static final Pattern MOUNTPOINT = Pattern.compile("\"Mountpoint\":\"([^\"]+)\"");
    private static final Pattern FROZEN = Pattern.compile("\"frozenMicros\"\\s*:\\s*([0-9]+)");

    private final BenchOptions options;
    private final Report report;
    private final Path directory;

    private VolumesBench(BenchOptions options, Report report, Path directory) {
        this.options = options;
        this.report = report;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(
                    "scripts/bench-volumes [--rounds N] [--seconds N] [--only NAME] [--json FILE] [--directory DIR]");
            System.exit(2);
            return;
        }
        Report report = new Report();
        Path directory = Files.createTempDirectory(
                Files.createDirectories(options.directory().toAbsolutePath()), "bench-");
        try {
            report.fact("machine: " + S3Bench.machine());
            new VolumesBench(options, report, directory).run();
        } catch (IOException | InterruptedException failed) {
            System.err.println("What was measured with is left as it was: " + directory);
            throw failed;
        }
        S3Bench.remove(directory);
        report.fact("load average at the end: " + S3Bench.loadAverage());
        report.printBars();
        if (options.json().isPresent()) {
            report.writeJson(options.json().get());
        }
        System.exit(report.allHold() ? 0 : 1);
    }

    private void run() throws IOException, InterruptedException {
        try (VolumesProcess daemon =
                        VolumesProcess.start(options.program(), directory.resolve("plain"), directory.resolve("data"));
                UnixCalls docker = daemon.connect()) {
            if (options.wants("get")) {
                get(docker);
            }
            if (options.wants("create")) {
                createAndMount(docker, "ext4");
                createAndMount(docker, "xfs");
            }
            if (options.wants("fio")) {
                randomWrites(docker, "ext4");
                randomWrites(docker, "xfs");
            }
            report.bar(Bar.atMost(
                    "resident memory in the role volumes", 120, daemon.figures().residentBytes() / 1048576.0, "MiB"));
        }
        if (options.wants("snapshot")) {
            snapshots();
        }
    }

    private static void create(UnixCalls docker, String name, String members) throws IOException {
        String _ = VolumesProcess.ask(docker, "Create", "{\"Name\":\"" + name + "\",\"Opts\":{" + members + "}}");
    }

    private static Path mount(UnixCalls docker, String name) throws IOException {
        Matcher found =
                MOUNTPOINT.matcher(VolumesProcess.ask(docker, "Mount", "{\"Name\":\"" + name + "\",\"ID\":\"bench\"}"));
        if (!found.find()) {
            throw new IOException("no mountpoint");
        }
        return Path.of(found.group(1));
    }

    private static void discard(UnixCalls docker, String name) throws IOException {
        String _ = VolumesProcess.ask(docker, "Unmount", "{\"Name\":\"" + name + "\",\"ID\":\"bench\"}");
        String _ = VolumesProcess.ask(docker, "Remove", "{\"Name\":\"" + name + "\"}");
    }

    /** Ten volumes, one of them mounted and asked for: what Docker does before and after everything else. */
    private void get(UnixCalls docker) throws IOException {
        for (int i = 0; i < 10; i++) {
            create(docker, "get" + i, "\"size\":\"64M\"");
        }
        Path _ = mount(docker, "get0");
        byte[] body = "{\"Name\":\"get0\"}".getBytes(StandardCharsets.UTF_8);
        var nanos = new Histogram(3);
        for (int i = -GETS / 4; i < GETS; i++) {
            long begin = System.nanoTime();
            UnixCalls.Answer answer = docker.post("/VolumeDriver.Get", body);
            if (i >= 0) {
                nanos.recordValue(System.nanoTime() - begin);
            }
            if (answer.status() != 200) {
                throw new IOException("Get: " + answer);
            }
        }
        report.fact(String.format(
                "Get: p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms",
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6));
        report.bar(Bar.atMost("Get, p99", 1, nanos.getValueAtPercentile(99) / 1e6, "ms"));
        String _ = VolumesProcess.ask(docker, "Unmount", "{\"Name\":\"get0\",\"ID\":\"bench\"}");
        for (int i = 0; i < 10; i++) {
            String _ = VolumesProcess.ask(docker, "Remove", "{\"Name\":\"get" + i + "\"}");
        }
    }

    private void createAndMount(UnixCalls docker, String filesystem) throws IOException {
        double[] millis = new double[CREATIONS];
        for (int i = -2; i < CREATIONS; i++) {
            long begin = System.nanoTime();
            create(docker, "created", "\"size\":\"10G\",\"fs\":\"" + filesystem + "\"");
            Path _ = mount(docker, "created");
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
            discard(docker, "created");
        }
        report.bar(Bar.atMost(
                "create and mount 10 GiB, thin, " + filesystem + ", median of " + CREATIONS,
                300,
                Measured.median(millis),
                "ms"));
    }

    /** Pairs in turns, so that both see the same neighbours. */
    private void randomWrites(UnixCalls docker, String filesystem) throws IOException, InterruptedException {
        int rounds = Math.max(options.rounds(), 9);
        double[] volume = new double[rounds];
        double[] byHand = new double[rounds];
        create(docker, "fio", "\"size\":\"1G\",\"fs\":\"" + filesystem + "\"");
        Path mounted = mount(docker, "fio");
        try (var made = new HandMadeVolume(
                directory.resolve("by-hand"), filesystem, filesystem, GIBIBYTE, "nosuid,nodev,discard")) {
            double _ = iops(mounted, 2);
            double _ = iops(made.mount(), 2);
            for (int i = 0; i < rounds; i++) {
                volume[i] = iops(mounted, options.round().toSeconds());
                byHand[i] = iops(made.mount(), options.round().toSeconds());
                report.fact(String.format("fio %s: volume %.0f, by hand %.0f", filesystem, volume[i], byHand[i]));
            }
        }
        discard(docker, "fio");
        report.bar(Bar.share(
                "4 KiB random writes, queue depth 16, " + filesystem + ", median of " + rounds + " pairs",
                0.9,
                "the same by hand",
                Measured.median(byHand),
                Measured.median(volume),
                "IOPS"));
    }

    /** Random writes of fio in a laid-out file of 256 MiB. */
    private static double iops(Path mounted, long seconds) throws IOException, InterruptedException {
        String said = fio(mounted, "--runtime=" + seconds, "--time_based");
        // Field 49 of fio's terse form is the rate of writes.
        return Double.parseDouble(said.strip().split(";")[48]);
    }

    private static String fio(Path mounted, String... more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "/usr/bin/fio",
                "--name=io",
                "--filename=" + mounted.resolve("fio"),
                "--size=256M",
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=16",
                "--ioengine=libaio",
                "--direct=1",
                "--minimal",
                "--terse-version=3"));
        command.addAll(List.of(more));
        return Commands.run(command);
    }

    /** On a pool with reflinks, which is an XFS filesystem in an image. */
    private void snapshots() throws IOException, InterruptedException {
        try (var pool = new HandMadeVolume(directory.resolve("pool"), "reflinks", "xfs", 8 * GIBIBYTE, "defaults");
                VolumesProcess daemon = VolumesProcess.start(
                        options.program(),
                        directory.resolve("reflink"),
                        pool.mount().resolve("data"));
                UnixCalls docker = daemon.connect()) {
            create(docker, "shot", "\"size\":\"1G\"");
            try {
                snapshots(daemon, mount(docker, "shot"), image(pool.mount()));
            } finally {
                String _ = VolumesProcess.ask(docker, "Unmount", "{\"Name\":\"shot\",\"ID\":\"bench\"}");
            }
        }
    }

    private void snapshots(VolumesProcess daemon, Path mounted, Path image) throws IOException, InterruptedException {
        double[] fresh = new double[SNAPSHOTS];
        for (int i = 0; i < SNAPSHOTS; i++) {
            fresh[i] = frozen(daemon, "fresh" + i);
        }
        report.bar(Bar.atMost("writers held off by a snapshot, fresh 1 GiB", 50, Measured.median(fresh), "ms"));
        // What is to be torn apart has to be there and shared.
        String _ = fio(mounted, "--size=512M", "--io_size=4k");
        double _ = frozen(daemon, "laid-out");
        // Once: written a second time, the pieces lie together again.
        long extents = scatter(mounted, image);
        double many = frozen(daemon, "many");
        report.fact("snapshot with " + extents + " extents: " + Report.number(many) + " ms");
        report.bar(Bar.atMost("writers held off by a snapshot, " + EXTENTS + " extents or more", 1000, many, "ms"));
    }

    private static double frozen(VolumesProcess daemon, String snapshot) throws IOException, InterruptedException {
        Matcher found = FROZEN.matcher(daemon.volume("snapshot", "create", "shot", snapshot, "--json"));
        if (!found.find()) {
            throw new IOException("the snapshot does not say how long it took");
        }
        return Long.parseLong(found.group(1)) / 1000.0;
    }

    /** Writes every other block, each of which leaves what snapshots share: the image is in twice that many pieces. */
    private static long scatter(Path mounted, Path image) throws IOException, InterruptedException {
        String _ = fio(mounted, "--size=512M", "--rw=write:4k", "--io_size=256M");
        String said = Commands.run("filefrag", image.toString());
        long extents = Long.parseLong(
                said.replaceAll("(?s).*: (\\d+) extents? found.*", "$1").strip());
        if (extents < EXTENTS) {
            throw new IOException("the image is in " + extents + " pieces only: nothing is measured");
        }
        return extents;
    }

    private static Path image(Path pool) throws IOException {
        try (Stream<Path> files = Files.walk(pool)) {
            return files.filter(file -> file.getFileName().toString().equals("image"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

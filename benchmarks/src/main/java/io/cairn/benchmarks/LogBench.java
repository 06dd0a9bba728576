package io.cairn.benchmarks;

import io.cairn.base.Clock;
import io.cairn.consensus.RatisLog;
import io.cairn.consensus.RatisLogOptions;
import io.cairn.consensus.RatisMember;
import io.cairn.model.ReplicatedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Commands per second of the log, beside what the disk allows: {@code LogBench [directory [seconds]]}. Each row is one
 * measured interval after a warm-up; commands have 300 bytes, the state does nothing.
 */
public final class LogBench {
    private static final int COMMAND_BYTES = 300;
    private static final Clock CLOCK = Clock.system();
    private final Path directory;
    private final int seconds;

    private LogBench(Path directory, int seconds) {
        this.directory = directory;
        this.seconds = seconds;
    }

    /** One operation whose duration is measured. */
    @FunctionalInterface
    interface Operation {
        void run(byte[] command) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = arguments.length > 0
                ? Files.createDirectories(Path.of(arguments[0]))
                : Files.createTempDirectory("cairn-log-bench");
        LogBench bench = new LogBench(directory, arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10);
        System.out.printf("%-34s %10s %9s %9s %14s%n", "", "commands/s", "p50 ms", "p99 ms", "CPU s/1000");
        for (int threads : new int[] {64, 256}) {
            bench.disk(threads);
            for (int members : new int[] {1, 3}) {
                for (int inFlight : new int[] {1, 2, 4}) {
                    bench.log(members, threads, inFlight);
                }
            }
        }
    }

    private void disk(int threads) throws IOException {
        Path file = directory.resolve("group-commit");
        try (GroupCommit commit = new GroupCommit(file)) {
            measure("append + fdatasync, " + threads + " threads", threads, commit::append);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void log(int count, int threads, int inFlight) throws IOException {
        Path home = Files.createTempDirectory(directory, "log");
        List<RatisMember> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new RatisMember("d" + i, home.resolve("d" + i)));
        }
        long start = CLOCK.nanos();
        try (RatisLog log = RatisLog.open(
                RatisLogOptions.defaults().withEntriesInFlight(inFlight), members, _ -> new IdleState())) {
            byte[] _ = log.submit(new byte[COMMAND_BYTES]);
            long opened = (CLOCK.nanos() - start) / 1_000_000;
            measure(count + " members, " + threads + " threads, " + inFlight + " in flight", threads, command -> {
                byte[] _ = log.submit(command);
            });
            System.out.printf("    opened and first command in %d ms%n", opened);
        } finally {
            delete(home);
        }
    }

    private void measure(String name, int threads, Operation operation) {
        ConcurrentHistogram warm = new ConcurrentHistogram(3);
        run(threads, seconds, operation, warm);
        ConcurrentHistogram latency = new ConcurrentHistogram(3);
        long cpu = processCpu();
        long start = CLOCK.nanos();
        run(threads, seconds, operation, latency);
        double elapsed = (CLOCK.nanos() - start) / 1e9;
        long count = latency.getTotalCount();
        System.out.printf(
                "%-34s %10.0f %9.2f %9.2f %14.3f%n",
                name,
                count / elapsed,
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                (processCpu() - cpu) / 1e6 / count);
    }

    private static void run(int threads, int seconds, Operation operation, ConcurrentHistogram latency) {
        long end = CLOCK.nanos() + seconds * 1_000_000_000L;
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofVirtual().start(() -> {
                byte[] command = new byte[COMMAND_BYTES];
                for (long now = CLOCK.nanos(); now < end; ) {
                    try {
                        operation.run(command);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    long done = CLOCK.nanos();
                    latency.recordValue(done - now);
                    now = done;
                }
            }));
        }
        for (Thread thread : running) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static long processCpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getProcessCpuTime()
                : 0;
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** A state that only counts. */
    private static final class IdleState implements ReplicatedState {
        private final AtomicLong applied = new AtomicLong(-1);

        @Override
        public long appliedIndex() {
            return applied.get();
        }

        @Override
        public List<byte[]> apply(long index, List<byte[]> commands) {
            applied.set(index);
            return commands.stream().map(_ -> new byte[8]).toList();
        }

        @Override
        public void skip(long index) {
            applied.set(index);
        }

        @Override
        public long flush() {
            return applied.get();
        }

        @Override
        public long checkpoint(Path target) {
            return applied.get();
        }

        @Override
        public void restore(Path source) {
            // Holds nothing.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}

package io.cairn.benchmarks;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.BlobId;
import io.cairn.model.DriveId;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardWrite;
import io.cairn.shards.Drive;
import io.cairn.shards.DriveOptions;
import io.cairn.shards.DriveStats;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one drive does, beside what the machine can do at all: appends of 64 callers, large appends, small reads, and
 * the bare loop of one writer with {@code fdatasync} on a growing and on a zero-filled file. One main thread.
 *
 * <p>{@code java -cp … io.cairn.benchmarks.DriveBench DIRECTORY [SECONDS]}; the directory must be empty or missing.
 */
public final class DriveBench {
    private static final int SMALL_BYTES = 4096;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int CALLERS = 64;
    private static final long NANOS = 1_000_000_000L;
    private static final double MIB = 1 << 20;

    private final Path directory;
    private final long seconds;
    private final PrintStream out;
    private final Clock clock = Clock.system();
    private final AtomicLong nextBlob = new AtomicLong(1);

    private DriveBench(Path directory, long seconds, PrintStream out) {
        this.directory = directory;
        this.seconds = seconds;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 5;
        new DriveBench(directory, seconds, System.out).run();
    }

    private void run() throws IOException, InterruptedException {
        Path _ = Files.createDirectories(directory);
        for (boolean zeroFilled : new boolean[] {false, true}) {
            bare("64 x 4 KiB", CALLERS * SMALL_BYTES, zeroFilled);
            bare("8 x 1 MiB", 8 * LARGE_BYTES, zeroFilled);
        }
        Path home = directory.resolve("drive");
        UUID id = new UUID(Entropy.secure().nextLong(), Entropy.secure().nextLong());
        var _ = Drive.format(home, new DriveId(id), "bench");
        try (Drive drive = Drive.open(home, DriveOptions.standard())) {
            appends(drive, "warm-up: ", CALLERS, SMALL_BYTES);
            appends(drive, "", CALLERS, SMALL_BYTES);
            reads(drive, nextBlob.get());
            appends(drive, "", 8, LARGE_BYTES);
        }
    }

    private void bare(String name, int batchBytes, boolean zeroFilled) throws IOException {
        Path path = directory.resolve("bare");
        ByteBuffer batch = ByteBuffer.wrap(Entropy.seeded(1).bytes(batchBytes));
        long fileBytes = 1L << 30;
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            if (zeroFilled) {
                fill(file, fileBytes);
            }
            long start = clock.nanos();
            long end = start + seconds * NANOS / 2;
            long at = 0;
            long batches = 0;
            while (clock.nanos() < end && at + batchBytes <= fileBytes) {
                at += file.write(batch.rewind(), at);
                file.force(false);
                batches++;
            }
            double took = (clock.nanos() - start) / (double) NANOS;
            out.printf(
                    "bare %s per fdatasync, %s file: %.0f syncs/s, %.0f MiB/s%n",
                    name, zeroFilled ? "zero-filled" : "growing", batches / took, at / MIB / took);
        } finally {
            Files.delete(path);
        }
    }

    private static void fill(FileChannel file, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(LARGE_BYTES);
        for (long at = 0; at < bytes; at += LARGE_BYTES) {
            int _ = file.write(zeros.rewind(), at);
        }
        file.force(true);
    }

    private void appends(Drive drive, String prefix, int callers, int length) throws InterruptedException {
        byte[] payload = Entropy.seeded(2).bytes(length);
        byte[] label = new byte[200];
        AtomicLong done = new AtomicLong();
        DriveStats before = drive.stats();
        long start = clock.nanos();
        long end = start + seconds * NANOS;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (clock.nanos() < end) {
                    var _ = drive.append(new ShardWrite(key(nextBlob.getAndIncrement()), label, payload, 0, length))
                            .join();
                    long _ = done.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (clock.nanos() - start) / (double) NANOS;
        DriveStats after = drive.stats();
        long batches = after.batches() - before.batches();
        out.printf(
                "%sdrive, %d callers, %d bytes: %.0f appends/s, %.0f MiB/s, %.1f per batch, %.2f ms per sync%n",
                prefix,
                callers,
                length,
                done.get() / took,
                done.get() * (long) length / MIB / took,
                done.get() / (double) Math.max(1, batches),
                (after.syncNanos() - before.syncNanos()) / 1e6 / Math.max(1, batches));
    }

    private void reads(Drive drive, long blobs) {
        ByteBuffer target = ByteBuffer.allocate(SMALL_BYTES);
        long state = 1;
        for (int round = 0; round < 2; round++) {
            long start = clock.nanos();
            long end = start + seconds * NANOS / 2;
            long count = 0;
            while (clock.nanos() < end) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                boolean found = drive.read(key(1 + (state >>> 1) % (blobs - 1)), 0, target.clear());
                count += found ? 1 : 0;
            }
            double took = (clock.nanos() - start) / (double) NANOS;
            out.printf(
                    "%sdrive, 1 reader, %d bytes: %.0f reads/s%n",
                    round == 0 ? "warm-up: " : "", SMALL_BYTES, count / took);
        }
    }

    private static ShardKey key(long blob) {
        return new ShardKey(BlobId.of(1, blob), 0, 0);
    }
}

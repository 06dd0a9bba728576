package io.cairn.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.SplittableRandom;

/** What the machine itself can do now: its disk with fdatasync, one core's MD5. For one thread. */
final class MachineLimits {
    private static final int LARGE_BYTES = 16 << 20;
    private static final long SEQUENTIAL_BYTES = 512L << 20;
    private static final int SMALL_BYTES = 4 << 10;
    private static final int GROUP = 64;
    private static final int MD5_WARM_UP_BLOCKS = 100;
    private static final long GROUP_FILE_BYTES = 64L << 20;

    private final Path directory;
    private final Duration time;

    MachineLimits(Path directory, Duration time) {
        this.directory = directory;
        this.time = time;
    }

    /**
     * Bytes per second of 16 MiB writes, each followed by an fdatasync: into a growing file and over its blocks again,
     * whichever is faster.
     */
    double sequentialSyncWrite() throws IOException {
        ByteBuffer block = random(LARGE_BYTES);
        return inScratchFile(file -> Math.max(sequentialPass(file, block), sequentialPass(file, block)));
    }

    private static double sequentialPass(FileChannel file, ByteBuffer block) throws IOException {
        long start = System.nanoTime();
        for (long at = 0; at < SEQUENTIAL_BYTES; at += LARGE_BYTES) {
            writeFully(file, block.duplicate(), at);
            file.force(false);
        }
        return SEQUENTIAL_BYTES * 1e9 / (System.nanoTime() - start);
    }

    /**
     * 4 KiB records per second when one writer puts a group of 64 behind one another over preallocated blocks and syncs
     * once per group.
     */
    double groupCommits() throws IOException {
        return syncs(GROUP) * GROUP;
    }

    /** 4 KiB records per second when each is synced by itself. */
    double singleCommits() throws IOException {
        return syncs(1);
    }

    private double syncs(int records) throws IOException {
        ByteBuffer group = random(records * SMALL_BYTES);
        return inScratchFile(file -> {
            for (long at = 0; at < GROUP_FILE_BYTES; at += LARGE_BYTES) {
                writeFully(file, ByteBuffer.allocateDirect(LARGE_BYTES), at);
            }
            file.force(true);
            long start = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - start < time.toNanos()) {
                writeFully(file, group.duplicate(), count * group.capacity() % GROUP_FILE_BYTES);
                file.force(false);
                count++;
            }
            return count * 1e9 / (System.nanoTime() - start);
        });
    }

    /** Bytes per second of MD5 on one core. */
    double md5() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        byte[] block = new byte[1 << 20];
        for (int i = 0; i < MD5_WARM_UP_BLOCKS; i++) {
            digest.update(block);
        }
        long start = System.nanoTime();
        long bytes = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            digest.update(block);
            bytes += block.length;
        }
        return bytes * 1e9 / (System.nanoTime() - start);
    }

    private interface Probe {
        double run(FileChannel file) throws IOException;
    }

    private double inScratchFile(Probe probe) throws IOException {
        Path path = directory.resolve("probe");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            return probe.run(file);
        } finally {
            Files.delete(path);
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes, long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    /** A direct buffer of bytes that no disk compresses away. */
    static ByteBuffer random(int length) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        SplittableRandom random = new SplittableRandom(7);
        while (buffer.remaining() >= Long.BYTES) {
            buffer.putLong(random.nextLong());
        }
        return buffer.flip();
    }
}

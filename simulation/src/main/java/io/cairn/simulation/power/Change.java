package io.cairn.simulation.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.SplittableRandom;

/** One change of a file that was not synced yet. */
sealed interface Change {
    int SECTOR = 512;

    /** Makes the whole change. */
    void apply(FileChannel file) throws IOException;

    /** Makes as much of it as a dying disk does: nothing, all, or some of its sectors. */
    void tear(FileChannel file, SplittableRandom random) throws IOException;

    /** The first byte that it touches, and the end of what it touches. */
    long start();

    long end();

    /** Bytes written at a place. */
    record Write(long start, byte[] bytes) implements Change {
        @Override
        public void apply(FileChannel file) throws IOException {
            write(file, start, bytes, 0, bytes.length);
        }

        @Override
        public void tear(FileChannel file, SplittableRandom random) throws IOException {
            int fate = random.nextInt(3);
            if (fate == 0) {
                return;
            }
            if (fate == 1) {
                apply(file);
                return;
            }
            for (int at = 0; at < bytes.length; ) {
                int sectorEnd = (int) Math.min(bytes.length, at + SECTOR - (start + at) % SECTOR);
                if (random.nextBoolean()) {
                    write(file, start + at, bytes, at, sectorEnd - at);
                }
                at = sectorEnd;
            }
        }

        @Override
        public long end() {
            return start + bytes.length;
        }
    }

    /** A new length; what lies behind it is gone, what comes before it and was not there reads as zeros. */
    record Resize(long from, long to) implements Change {
        @Override
        public void apply(FileChannel file) throws IOException {
            if (to < file.size()) {
                FileChannel _ = file.truncate(to);
            } else if (to > file.size()) {
                write(file, to - 1, new byte[1], 0, 1);
            }
        }

        @Override
        public void tear(FileChannel file, SplittableRandom random) throws IOException {
            if (random.nextBoolean()) {
                apply(file);
            }
        }

        @Override
        public long start() {
            return Math.min(from, to);
        }

        @Override
        public long end() {
            return Math.max(from, to);
        }
    }

    /** A hole punched: the range reads as zeros, the length stays. */
    record Hole(long start, long length) implements Change {
        private static final int PIECE = 1 << 16;

        @Override
        public void apply(FileChannel file) throws IOException {
            long end = Math.min(end(), file.size());
            for (long at = start; at < end; at += PIECE) {
                int count = (int) Math.min(PIECE, end - at);
                write(file, at, new byte[count], 0, count);
            }
        }

        @Override
        public void tear(FileChannel file, SplittableRandom random) throws IOException {
            if (random.nextBoolean()) {
                apply(file);
            }
        }

        @Override
        public long end() {
            return start + length;
        }
    }

    private static void write(FileChannel file, long position, byte[] bytes, int from, int count) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes, from, count);
        long at = position;
        while (source.hasRemaining()) {
            at += file.write(source, at);
        }
    }
}

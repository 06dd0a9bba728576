package io.cairn.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The CRC-64 of the NVMe specification (CRC-64/NVME: polynomial ad93d23594c93659, reflected, all ones in and out),
 * sixteen bytes per step with sixteen tables. {@link #getValue()} uses all 64 bits, so it may be negative. Belongs to
 * one thread at a time.
 */
final class Crc64Nvme implements java.util.zip.Checksum {
    /** The polynomial, bit-reversed. */
    static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;

    private static final int STEP = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** {@code TABLES[n][b]} is what byte {@code b}, followed by {@code n} zero bytes, contributes to the CRC. */
    private static final long[][] TABLES = tables();

    private long crc = -1;

    private static long[][] tables() {
        long[][] tables = new long[STEP][256];
        for (int b = 0; b < 256; b++) {
            long value = b;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = value >>> 1 ^ (-(value & 1) & POLYNOMIAL);
            }
            tables[0][b] = value;
        }
        for (int n = 1; n < STEP; n++) {
            for (int b = 0; b < 256; b++) {
                long previous = tables[n - 1][b];
                tables[n][b] = previous >>> Byte.SIZE ^ tables[0][(int) previous & 0xff];
            }
        }
        return tables;
    }

    @Override
    public void update(int b) {
        crc = crc >>> Byte.SIZE ^ TABLES[0][((int) crc ^ b) & 0xff];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int whole = offset + length / STEP * STEP;
        long value = wholeSteps(crc, bytes, offset, whole);
        long[] table = TABLES[0];
        for (int i = whole; i < offset + length; i++) {
            value = value >>> Byte.SIZE ^ table[((int) value ^ bytes[i]) & 0xff];
        }
        crc = value;
    }

    private static long wholeSteps(long crc, byte[] bytes, int from, int to) {
        long[][] tables = TABLES;
        long value = crc;
        for (int i = from; i < to; i += STEP) {
            long low = value ^ (long) LONG.get(bytes, i);
            long high = (long) LONG.get(bytes, i + Long.BYTES);
            value = eight(tables, low, Long.BYTES) ^ eight(tables, high, 0);
        }
        return value;
    }

    /** What eight bytes, the lowest first, contribute when {@code behind} more bytes follow them. */
    private static long eight(long[][] tables, long word, int behind) {
        return tables[behind + 7][(int) word & 0xff]
                ^ tables[behind + 6][(int) (word >>> 8) & 0xff]
                ^ tables[behind + 5][(int) (word >>> 16) & 0xff]
                ^ tables[behind + 4][(int) (word >>> 24) & 0xff]
                ^ tables[behind + 3][(int) (word >>> 32) & 0xff]
                ^ tables[behind + 2][(int) (word >>> 40) & 0xff]
                ^ tables[behind + 1][(int) (word >>> 48) & 0xff]
                ^ tables[behind][(int) (word >>> 56)];
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = -1;
    }
}

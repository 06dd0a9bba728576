package io.cairn.backup.redis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The CRC-64 at the end of an RDB (CRC-64/REDIS: polynomial ad93d23594c935a9, reflected, zero in, nothing out), eight
 * bytes per step. One thread.
 */
final class Crc64 {
    private static final long POLYNOMIAL = Long.reverse(0xad93d23594c935a9L);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[][] TABLES = tables();

    private long crc;

    private static long[][] tables() {
        long[][] tables = new long[Long.BYTES][256];
        for (int b = 0; b < 256; b++) {
            long value = b;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = value >>> 1 ^ (-(value & 1) & POLYNOMIAL);
            }
            tables[0][b] = value;
        }
        for (int n = 1; n < Long.BYTES; n++) {
            for (int b = 0; b < 256; b++) {
                long previous = tables[n - 1][b];
                tables[n][b] = previous >>> Byte.SIZE ^ tables[0][(int) previous & 0xff];
            }
        }
        return tables;
    }

    void update(byte[] bytes, int offset, int length) {
        long value = crc;
        int whole = offset + length / Long.BYTES * Long.BYTES;
        for (int i = offset; i < whole; i += Long.BYTES) {
            value = step(value ^ (long) LONG.get(bytes, i));
        }
        for (int i = whole; i < offset + length; i++) {
            value = value >>> Byte.SIZE ^ TABLES[0][((int) value ^ bytes[i]) & 0xff];
        }
        crc = value;
    }

    private static long step(long word) {
        return TABLES[7][(int) word & 0xff]
                ^ TABLES[6][(int) (word >>> 8) & 0xff]
                ^ TABLES[5][(int) (word >>> 16) & 0xff]
                ^ TABLES[4][(int) (word >>> 24) & 0xff]
                ^ TABLES[3][(int) (word >>> 32) & 0xff]
                ^ TABLES[2][(int) (word >>> 40) & 0xff]
                ^ TABLES[1][(int) (word >>> 48) & 0xff]
                ^ TABLES[0][(int) (word >>> 56)];
    }

    long value() {
        return crc;
    }
}

package io.cairn.repository.cut;

import io.cairn.base.Checks;

/**
 * Cuts where the content says so: a Gear hash of the last 64 bytes, with a table that only the owner of the key knows,
 * and two masks that keep lengths near the average (FastCDC, Xia et al. 2016, normalisation 2). Before a quarter of the
 * average nothing is looked at. A run of one byte value is never cut but at the maximum. Immutable.
 */
final class GearCutter implements Cutter {
    private static final int NORMALISATION = 2;

    private final long[] table;
    private final int min;
    private final int average;
    private final int max;
    private final long strict;
    private final long loose;

    GearCutter(long[] table, int average) {
        Checks.check(Integer.bitCount(average) == 1 && average >= 1024, "the average is a power of two");
        this.table = table;
        this.min = average / 4;
        this.average = average;
        this.max = 4 * average;
        int bits = Integer.numberOfTrailingZeros(average);
        this.strict = -1L << Long.SIZE - bits - NORMALISATION;
        this.loose = -1L << Long.SIZE - bits + NORMALISATION;
    }

    @Override
    public int cut(byte[] bytes, int offset, int length) {
        if (length <= min) {
            return length;
        }
        int end = Math.min(length, max);
        int middle = Math.min(end, average);
        long hash = 0;
        int i = min;
        for (; i < middle; i++) {
            hash = (hash << 1) + table[bytes[offset + i] & 0xff];
            if ((hash & strict) == 0) {
                return i + 1;
            }
        }
        for (; i < end; i++) {
            hash = (hash << 1) + table[bytes[offset + i] & 0xff];
            if ((hash & loose) == 0) {
                return i + 1;
            }
        }
        return end;
    }

    @Override
    public int max() {
        return max;
    }
}

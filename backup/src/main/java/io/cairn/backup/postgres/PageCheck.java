package io.cairn.backup.postgres;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the pages of one relation file as they stream by: PostgreSQL's checksum (FNV-1a in 32 lanes,
 * {@code checksum_impl.h}). Pages that were changed after the backup began are passed over, since WAL brings them; so
 * are pages that were never used. One thread.
 */
final class PageCheck {
    static final int PAGE = 8192;

    private static final int LANES = 32;
    private static final int ROWS = PAGE / Integer.BYTES / LANES;
    private static final int PRIME = 16_777_619;
    private static final int CHECKSUM_MODULUS = 65_535;
    private static final int CHECKSUM_AT = 8;
    private static final int UPPER_AT = 14;
    private static final int[] OFFSETS = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private final Lsn start;
    private final long firstBlock;
    private final byte[] page = new byte[PAGE];
    private final ByteBuffer view = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    private final int[] words = new int[PAGE / Integer.BYTES];
    private final int[] lanes = new int[LANES];
    private final List<Long> damaged = new ArrayList<>();
    private int filled;
    private long block;

    /** @param firstBlock number of the file's first page within its relation: the checksum covers it */
    PageCheck(Lsn start, long firstBlock) {
        this.start = start;
        this.firstBlock = firstBlock;
    }

    void add(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int count = Math.min(PAGE - filled, end - at);
            System.arraycopy(bytes, at, page, filled, count);
            filled += count;
            at += count;
            if (filled == PAGE) {
                check();
                filled = 0;
                block++;
            }
        }
    }

    /** Numbers of the pages of this file whose checksum is wrong. */
    List<Long> damaged() {
        return List.copyOf(damaged);
    }

    private void check() {
        int upper = view.getShort(UPPER_AT) & 0xffff;
        Lsn written = new Lsn((long) view.getInt(0) << Integer.SIZE | (view.getInt(Integer.BYTES) & 0xffff_ffffL));
        if (upper == 0 || !start.isAfter(written)) {
            return;
        }
        int stored = view.getShort(CHECKSUM_AT) & 0xffff;
        if (checksum(firstBlock + block) != stored) {
            damaged.add(block);
        }
    }

    /** The checksum of the page, its own place in the head being zero. */
    private int checksum(long number) {
        view.asIntBuffer().get(words);
        words[CHECKSUM_AT / Integer.BYTES] &= 0xffff_0000;
        System.arraycopy(OFFSETS, 0, lanes, 0, LANES);
        for (int row = 0; row < ROWS; row++) {
            mix(words, row * LANES);
        }
        int[] zeros = new int[LANES];
        mix(zeros, 0);
        mix(zeros, 0);
        int result = 0;
        for (int lane : lanes) {
            result ^= lane;
        }
        return Integer.remainderUnsigned(result ^ (int) number, CHECKSUM_MODULUS) + 1;
    }

    private void mix(int[] values, int at) {
        int[] sums = lanes;
        for (int i = 0; i < LANES; i++) {
            int mixed = sums[i] ^ values[at + i];
            sums[i] = mixed * PRIME ^ mixed >>> 17;
        }
    }
}

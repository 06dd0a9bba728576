package io.cairn.repository.cut;

import io.cairn.repository.seal.MasterKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The cutters of one repository: the table of the hash comes from its master key. Immutable. */
public final class Cutters {
    private static final int VALUES = 256;
    private static final int KIB = 1 << 10;
    private static final long LARGE = 16L << 30;
    private static final long HUGE = 256L << 30;

    private final long[] table;
    private final Cutter files;
    private final Cutter pages = new FixedCutter(64 * KIB);
    private final Cutter media;
    private final Cutter large;
    private final Cutter huge;

    public Cutters(MasterKey key) {
        table = table(key.derive("gear table, version 1"));
        files = new GearCutter(table, 64 * KIB);
        media = new GearCutter(table, KIB * KIB);
        large = new GearCutter(table, 256 * KIB);
        huge = new GearCutter(table, KIB * KIB);
    }

    /** The cutter for a class; longer pieces for content so large that its list of pieces would not fit into a tree. */
    public Cutter of(DataClass dataClass, long size) {
        return switch (dataClass) {
            case FILES -> size < LARGE ? files : size < HUGE ? large : huge;
            case PAGES -> size < LARGE ? pages : new FixedCutter(size < HUGE ? 256 * KIB : KIB * KIB);
            case PAGES_8K -> new FixedCutter(8 * KIB);
            case PAGES_32K -> new FixedCutter(32 * KIB);
            case PAGES_256K -> new FixedCutter(256 * KIB);
            case PAGES_1M -> new FixedCutter(KIB * KIB);
            case MEDIA -> media;
        };
    }

    /**
     * 256 secret numbers: the key stream of AES-256 in counter mode. A run of one byte value v gives the hash −table[v]
     * once 64 of them have passed; the top bits of that must not all be zero, or such runs were cut to minimal pieces.
     */
    private static long[] table(byte[] seed) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"), new IvParameterSpec(new byte[16]));
            ByteBuffer stream = ByteBuffer.wrap(cipher.doFinal(new byte[VALUES * Long.BYTES]));
            long[] table = new long[VALUES];
            Arrays.setAll(table, i -> spread(stream.getLong()));
            return table;
        } catch (java.security.GeneralSecurityException absent) {
            throw new IllegalStateException("every Java runtime has AES", absent);
        }
    }

    private static long spread(long value) {
        return -value >>> Long.SIZE - 12 == 0 ? value ^ 1L << Long.SIZE - 2 : value;
    }
}

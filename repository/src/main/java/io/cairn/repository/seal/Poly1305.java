package io.cairn.repository.seal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The one-time authenticator Poly1305 (Bernstein 2005): the message as numbers of 16 bytes is a polynomial that is
 * evaluated at r modulo 2¹³⁰ − 5, plus s. Numbers are kept in five limbs of 26 bits, so that products add up in a long.
 * Stateless.
 */
final class Poly1305 {
    static final int TAG_LENGTH = 16;

    private static final int BLOCK = 16;
    private static final int LIMB_BITS = 26;
    private static final long LIMB = (1L << LIMB_BITS) - 1;
    private static final long HIGH_BIT = 1L << 24;
    private static final long R_LOW = 0x0ffffffc0fffffffL;
    private static final long R_HIGH = 0x0ffffffc0ffffffcL;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Poly1305() {}

    /** Writes the tag of the message: {@code r} is clamped here, {@code s} is the encrypted nonce, both 16 bytes. */
    static void tag(byte[] r, byte[] s, byte[] message, int offset, int length, byte[] target, int at) {
        long[] h = new long[5];
        long low = (long) LONG.get(r, 0) & R_LOW;
        long high = (long) LONG.get(r, Long.BYTES) & R_HIGH;
        int whole = length / BLOCK * BLOCK;
        blocks(h, low, high, message, offset, whole, HIGH_BIT);
        if (whole < length) {
            byte[] last = new byte[BLOCK];
            System.arraycopy(message, offset + whole, last, 0, length - whole);
            last[length - whole] = 1;
            blocks(h, low, high, last, 0, BLOCK, 0);
        }
        finish(h, s, target, at);
    }

    private static void blocks(long[] h, long low, long high, byte[] message, int offset, int length, long topBit) {
        long r0 = low & LIMB;
        long r1 = low >>> 26 & LIMB;
        long r2 = (low >>> 52 | high << 12) & LIMB;
        long r3 = high >>> 14 & LIMB;
        long r4 = high >>> 40;
        long s1 = r1 * 5;
        long s2 = r2 * 5;
        long s3 = r3 * 5;
        long s4 = r4 * 5;
        long h0 = h[0];
        long h1 = h[1];
        long h2 = h[2];
        long h3 = h[3];
        long h4 = h[4];
        for (int i = offset; i < offset + length; i += BLOCK) {
            long m0 = (long) LONG.get(message, i);
            long m1 = (long) LONG.get(message, i + Long.BYTES);
            h0 += m0 & LIMB;
            h1 += m0 >>> 26 & LIMB;
            h2 += (m0 >>> 52 | m1 << 12) & LIMB;
            h3 += m1 >>> 14 & LIMB;
            h4 += m1 >>> 40 | topBit;
            long d0 = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
            long d1 = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2;
            long d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3;
            long d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4;
            long d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;
            d1 += d0 >>> LIMB_BITS;
            d2 += d1 >>> LIMB_BITS;
            d3 += d2 >>> LIMB_BITS;
            d4 += d3 >>> LIMB_BITS;
            h0 = (d0 & LIMB) + (d4 >>> LIMB_BITS) * 5;
            h1 = (d1 & LIMB) + (h0 >>> LIMB_BITS);
            h0 &= LIMB;
            h2 = d2 & LIMB;
            h3 = d3 & LIMB;
            h4 = d4 & LIMB;
        }
        h[0] = h0;
        h[1] = h1;
        h[2] = h2;
        h[3] = h3;
        h[4] = h4;
    }

    private static void finish(long[] h, byte[] s, byte[] target, int at) {
        carry(h);
        carry(h);
        long[] g = h.clone();
        g[0] += 5;
        for (int i = 0; i < 4; i++) {
            g[i + 1] += g[i] >>> LIMB_BITS;
            g[i] &= LIMB;
        }
        g[4] -= 1L << LIMB_BITS;
        // g is h minus the prime: take it unless it went below zero, without a branch on a secret.
        long keep = g[4] >> 63;
        for (int i = 0; i < 5; i++) {
            h[i] = h[i] & keep | g[i] & ~keep;
        }
        long low = h[0] | h[1] << 26 | h[2] << 52;
        long high = h[2] >>> 12 | h[3] << 14 | h[4] << 40;
        long sum = low + (long) LONG.get(s, 0);
        long carried = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        LONG.set(target, at, sum);
        LONG.set(target, at + Long.BYTES, high + (long) LONG.get(s, Long.BYTES) + carried);
    }

    private static void carry(long[] h) {
        for (int i = 0; i < 4; i++) {
            h[i + 1] += h[i] >>> LIMB_BITS;
            h[i] &= LIMB;
        }
        h[0] += (h[4] >>> LIMB_BITS) * 5;
        h[4] &= LIMB;
        h[1] += h[0] >>> LIMB_BITS;
        h[0] &= LIMB;
    }
}

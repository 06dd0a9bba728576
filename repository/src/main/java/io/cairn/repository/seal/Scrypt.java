package io.cairn.repository.seal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The password hash scrypt (RFC 7914): PBKDF2 with HMAC-SHA256 around a mix that needs 128·N·r bytes of memory. Checked
 * with the vectors of the RFC. Decision 60 says why it is here. Stateless.
 */
final class Scrypt {
    private static final int WORDS = 16;
    private static final int MEMORY_MAX = 1 << 30;
    private static final long WORK_MAX = 1 << 25;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Scrypt() {}

    /**
     * True when these parameters are sane and need less than 1 GiB and a minute or so. Key files come from outside;
     * restic calibrates its own on each machine, as N=4096, r=8, p=24.
     */
    static boolean accepts(int n, int r, int p) {
        return n > 1
                && n <= 1 << 20
                && Integer.bitCount(n) == 1
                && r > 0
                && r <= 32
                && p > 0
                && p <= 1024
                && 128L * n * r < MEMORY_MAX
                && (long) n * r * p <= WORK_MAX;
    }

    static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int length) {
        return Libcrypto.stretch(password, salt, n, r, p, length)
                .orElseGet(() -> deriveInJava(password, salt, n, r, p, length));
    }

    static byte[] deriveInJava(byte[] password, byte[] salt, int n, int r, int p, int length) {
        int size = 128 * r;
        byte[] blocks = pbkdf2(password, salt, p * size);
        int[] memory = new int[32 * r * n];
        for (int i = 0; i < p; i++) {
            mix(blocks, i * size, n, r, memory);
        }
        return pbkdf2(password, blocks, length);
    }

    /** PBKDF2 with one iteration. */
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // The JDK refuses an empty key; one zero byte is the same key to HMAC.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA256"));
            byte[] derived = new byte[length];
            for (int at = 0, block = 1; at < length; at += mac.getMacLength(), block++) {
                mac.update(salt);
                mac.update(
                        new byte[] {(byte) (block >>> 24), (byte) (block >>> 16), (byte) (block >>> 8), (byte) block});
                byte[] hash = mac.doFinal();
                System.arraycopy(hash, 0, derived, at, Math.min(hash.length, length - at));
            }
            return derived;
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", absent);
        }
    }

    /** ROMix of one block of 128·r bytes, in place. */
    private static void mix(byte[] bytes, int offset, int n, int r, int[] memory) {
        int words = 32 * r;
        int[] x = new int[words];
        int[] y = new int[words];
        for (int i = 0; i < words; i++) {
            x[i] = (int) INT.get(bytes, offset + 4 * i);
        }
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, 0, memory, i * words, words);
            blockMix(x, y, r);
        }
        for (int i = 0; i < n; i++) {
            int from = (x[words - WORDS] & n - 1) * words;
            for (int j = 0; j < words; j++) {
                x[j] ^= memory[from + j];
            }
            blockMix(x, y, r);
        }
        for (int i = 0; i < words; i++) {
            INT.set(bytes, offset + 4 * i, x[i]);
        }
    }

    private static void blockMix(int[] x, int[] y, int r) {
        int[] z = new int[WORDS];
        System.arraycopy(x, (2 * r - 1) * WORDS, z, 0, WORDS);
        for (int i = 0; i < 2 * r; i++) {
            for (int j = 0; j < WORDS; j++) {
                z[j] ^= x[i * WORDS + j];
            }
            salsa(z);
            System.arraycopy(z, 0, y, ((i & 1) * r + (i >>> 1)) * WORDS, WORDS);
        }
        System.arraycopy(y, 0, x, 0, 2 * r * WORDS);
    }

    /** Salsa20/8. */
    private static void salsa(int[] z) {
        int[] x = z.clone();
        for (int round = 0; round < 4; round++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < WORDS; i++) {
            z[i] += x[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}

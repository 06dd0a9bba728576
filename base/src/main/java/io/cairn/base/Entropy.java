package io.cairn.base;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** The port for randomness. {@link #secure()} is fit for keys; {@link #seeded(long)} repeats itself, for tests. */
@FunctionalInterface
public interface Entropy {
    /** Fills the array with random bytes. Safe for use by many threads. */
    void fill(byte[] target);

    /** {@code count} random bytes. */
    default byte[] bytes(int count) {
        byte[] target = new byte[count];
        fill(target);
        return target;
    }

    /** A random long. */
    default long nextLong() {
        byte[] bytes = bytes(Long.BYTES);
        long value = 0;
        for (byte b : bytes) {
            value = value << Byte.SIZE | (b & 0xff);
        }
        return value;
    }

    /** The operating system's generator. */
    static Entropy secure() {
        SecureRandom random = new SecureRandom();
        return random::nextBytes;
    }

    /** A generator that gives the same bytes for the same seed. Never for keys. */
    static Entropy seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return target -> {
            synchronized (random) {
                random.nextBytes(target);
            }
        };
    }
}

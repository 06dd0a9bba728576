package io.cairn.repository;

import io.cairn.base.Entropy;

/**
 * Polynomials over GF(2) as bits of a long. Restic cuts by one that must be irreducible and of degree 53, and refuses a
 * repository without; we cut by a table, and make one for restic. Stateless.
 */
final class Polynomial {
    private static final int DEGREE = 53;

    private Polynomial() {}

    static long randomIrreducible(Entropy entropy) {
        while (true) {
            long candidate = entropy.nextLong() & (1L << DEGREE + 1) - 1 | 1L << DEGREE | 1;
            if (isIrreducible(candidate)) {
                return candidate;
            }
        }
    }

    /**
     * Ben-Or's test: no factor of degree i divides, that is gcd(f, x^(2^i) − x) is 1, for all i up to half the degree.
     */
    static boolean isIrreducible(long f) {
        int degree = degree(f);
        long power = 2;
        for (int i = 1; i <= degree / 2; i++) {
            power = multiply(power, power, f);
            if (gcd(f, power ^ 2) != 1) {
                return false;
            }
        }
        return true;
    }

    private static int degree(long f) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(f);
    }

    private static long multiply(long a, long b, long f) {
        long product = 0;
        long shifted = a;
        int degree = degree(f);
        for (long rest = b; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                product ^= shifted;
            }
            shifted <<= 1;
            if ((shifted >>> degree & 1) != 0) {
                shifted ^= f;
            }
        }
        return product;
    }

    private static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            while (x != 0 && degree(x) >= degree(y)) {
                x ^= y << degree(x) - degree(y);
            }
            long rest = x;
            x = y;
            y = rest;
        }
        return x;
    }
}

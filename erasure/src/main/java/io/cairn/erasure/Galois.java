package io.cairn.erasure;

import io.cairn.base.Checks;

/** The field GF(2⁸) with the polynomial x⁸+x⁴+x³+x²+1 (0x11d), as in ISA-L and RAID-6. Addition is XOR. Stateless. */
final class Galois {
    static final int ORDER = 256;
    private static final int POLYNOMIAL = 0x11d;

    private static final byte[][] PRODUCTS = products();

    private Galois() {}

    private static byte[][] products() {
        byte[][] products = new byte[ORDER][ORDER];
        for (int a = 0; a < ORDER; a++) {
            for (int b = 0; b < ORDER; b++) {
                products[a][b] = (byte) shiftAndAdd(a, b);
            }
        }
        return products;
    }

    private static int shiftAndAdd(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int rest = b; rest != 0; rest >>>= 1) {
            product ^= -(rest & 1) & shifted;
            shifted = shifted << 1 ^ (-(shifted >>> 7) & POLYNOMIAL);
        }
        return product;
    }

    static int multiply(int a, int b) {
        return PRODUCTS[a][b] & 0xff;
    }

    static int inverse(int a) {
        Checks.check(a != 0, "zero has no inverse");
        for (int b = 1; b < ORDER; b++) {
            if (multiply(a, b) == 1) {
                return b;
            }
        }
        throw new IllegalStateException("a field has an inverse of " + a);
    }
}

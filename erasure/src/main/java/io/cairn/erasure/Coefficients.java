package io.cairn.erasure;

import io.cairn.base.Checks;

/**
 * A matrix prepared for the kernels: what each output takes from each input, as tables. Immutable: nobody writes to the
 * tables once they are built.
 *
 * <p>For the scalar kernel, each input has 256 longs: byte r of entry x is coefficient(r, input) · x.
 *
 * <p>For the vector kernels, which look up bytes in a vector of L = 2ʷ bytes by index modulo L, each coefficient c has
 * {@value #STRIDE} bytes: a low table, by the low w bits of x (the same for every L: its first L bytes are taken), and
 * for each L a high table by the high w bits of x. Where these overlap, the high table leaves the bits to the low one,
 * so that c·x = low[x mod L] ⊕ high[x >> (8 − w)] without a mask. An odd number of inputs is padded with coefficients
 * of zero, for the kernels that take two at a time.
 */
final class Coefficients {
    /** Bytes from the tables of one coefficient to those of the next input. */
    static final int STRIDE = 192;

    private static final int MIN_LENGTH = 16;
    private static final int MAX_LENGTH = 64;

    private final Matrix matrix;
    private final int evenInputs;
    private final byte[] vectorTables;
    private final long[][] packedProducts;

    Coefficients(Matrix matrix) {
        Checks.check(matrix.rows() <= Long.BYTES, "a matrix has at most 8 outputs, not %s", matrix.rows());
        this.matrix = matrix;
        evenInputs = matrix.columns() + matrix.columns() % 2;
        vectorTables = new byte[matrix.rows() * evenInputs * STRIDE];
        packedProducts = new long[matrix.columns()][Galois.ORDER];
        for (int output = 0; output < matrix.rows(); output++) {
            for (int input = 0; input < matrix.columns(); input++) {
                fillTables(tableOf(output, input), matrix.at(output, input));
                pack(packedProducts[input], output, matrix.at(output, input));
            }
        }
    }

    /** How far a byte is shifted to index the high table of vectors of that many bytes. */
    static int shift(int length) {
        return Byte.SIZE - Integer.numberOfTrailingZeros(length);
    }

    /** Where the high table for vectors of that many bytes begins, from the low table: at 64, 128 or 160. */
    static int highTable(int length) {
        return STRIDE - 2 * length;
    }

    private void fillTables(int at, int coefficient) {
        for (int low = 0; low < MAX_LENGTH; low++) {
            vectorTables[at + low] = (byte) Galois.multiply(coefficient, low);
        }
        for (int length = MIN_LENGTH; length <= MAX_LENGTH; length *= 2) {
            for (int high = 0; high < length; high++) {
                int bits = (high << shift(length)) & -length & 0xff;
                vectorTables[at + highTable(length) + high] = (byte) Galois.multiply(coefficient, bits);
            }
        }
    }

    private static void pack(long[] products, int output, int coefficient) {
        for (int x = 0; x < Galois.ORDER; x++) {
            products[x] |= (long) Galois.multiply(coefficient, x) << output * Byte.SIZE;
        }
    }

    int outputs() {
        return matrix.rows();
    }

    int inputs() {
        return matrix.columns();
    }

    /** By value of an input's byte: its products for all outputs, the first in the lowest byte. */
    long[] packedProducts(int input) {
        return packedProducts[input];
    }

    /** All tables of the vector kernels. */
    byte[] vectorTables() {
        return vectorTables;
    }

    /** Where in {@link #vectorTables()} the low table of a coefficient begins; its high ones follow. */
    int tableOf(int output, int input) {
        return (output * evenInputs + input) * STRIDE;
    }
}

package io.cairn.erasure;

/** The inner loop of erasure coding: a matrix over GF(2⁸) times columns of bytes. Stateless and thread-safe. */
interface Kernel {
    /** A word for people: {@code scalar}, {@code vector-512}. */
    String name();

    /**
     * Sets {@code outputs[r][i]} to the sum over c of coefficient(r, c) · {@code inputs[c][i]} for every i in the
     * range. The caller has checked the ranges; no output array is an input too. There is at least one of each.
     */
    void multiply(Coefficients coefficients, byte[][] inputs, byte[][] outputs, int offset, int length);
}

package io.cairn.erasure;

import java.util.Arrays;

/**
 * The kernel in plain Java, fast from the first call, and the twin that the vector kernels are tested against. One
 * lookup per input byte gives its products for all outputs at once, packed into a long; the sums are unpacked block by
 * block. Stateless.
 */
final class ScalarKernel implements Kernel {
    /** Sums kept at a time: 4 KiB, a small part of the first-level cache. */
    private static final int BLOCK = 512;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void multiply(Coefficients coefficients, byte[][] inputs, byte[][] outputs, int offset, int length) {
        long[] sums = new long[BLOCK];
        int end = offset + length;
        for (int from = offset; from < end; from += BLOCK) {
            int count = Math.min(BLOCK, end - from);
            sum(coefficients, inputs, sums, from, count);
            for (int output = 0; output < outputs.length; output++) {
                unpack(sums, output * Byte.SIZE, outputs[output], from, count);
            }
        }
    }

    /** The same for a few bytes, such as the end of a shard, without a block of sums. */
    static void multiplyBytes(Coefficients coefficients, byte[][] inputs, byte[][] outputs, int from, int to) {
        for (int i = from; i < to; i++) {
            long sum = 0;
            for (int input = 0; input < inputs.length; input++) {
                sum ^= coefficients.packedProducts(input)[inputs[input][i] & 0xff];
            }
            for (int output = 0; output < outputs.length; output++) {
                outputs[output][i] = (byte) (sum >>> output * Byte.SIZE);
            }
        }
    }

    private static void sum(Coefficients coefficients, byte[][] inputs, long[] sums, int from, int count) {
        Arrays.fill(sums, 0);
        int input = 0;
        for (; input + 1 < inputs.length; input += 2) {
            long[] first = coefficients.packedProducts(input);
            long[] second = coefficients.packedProducts(input + 1);
            addTwo(first, inputs[input], second, inputs[input + 1], sums, from, count);
        }
        if (input < inputs.length) {
            addOne(coefficients.packedProducts(input), inputs[input], sums, from, count);
        }
    }

    private static void addTwo(long[] t, byte[] x, long[] u, byte[] y, long[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] ^= t[x[from + i] & 0xff] ^ u[y[from + i] & 0xff];
        }
    }

    private static void addOne(long[] t, byte[] x, long[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] ^= t[x[from + i] & 0xff];
        }
    }

    private static void unpack(long[] sums, int shift, byte[] output, int from, int count) {
        for (int i = 0; i < count; i++) {
            output[from + i] = (byte) (sums[i] >>> shift);
        }
    }
}

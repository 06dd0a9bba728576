package io.cairn.erasure;

import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the Vector API: two inputs times two outputs per pass, products looked up with a byte shuffle.
 *
 * <p>The compiler makes vector instructions of this only where the species is a constant, so this class is a template:
 * {@link VectorKernels} defines it once per width, and each copy takes its species as class data. The loops are written
 * out flat, for helper methods and more tables per pass make the compiler put vectors on the heap (decision 0010).
 * Shards are heap arrays because memory segments were two to three times slower. Stateless.
 */
final class VectorKernel implements Kernel {
    private static final VectorSpecies<Byte> SPECIES = species();
    private static final int LENGTH = SPECIES.length();

    /** Bytes of a shard done at a time, so that all blocks of a stripe stay in cache between passes. */
    private static final int BLOCK = 8192;

    /** From a byte to the index of its high bits. */
    private static final int SHIFT = Coefficients.shift(LENGTH);

    /** From a low table to the high one of the same coefficient, and to the low one of the next input. */
    private static final int HIGH = Coefficients.highTable(LENGTH);

    private static final int NEXT = Coefficients.STRIDE;

    @SuppressWarnings("unchecked")
    private static VectorSpecies<Byte> species() {
        try {
            return MethodHandles.classData(MethodHandles.lookup(), "_", VectorSpecies.class);
        } catch (IllegalAccessException absent) {
            throw new IllegalStateException("the kernel is defined with its species as class data", absent);
        }
    }

    @Override
    public String name() {
        return "vector-" + SPECIES.vectorBitSize();
    }

    @Override
    public void multiply(Coefficients coefficients, byte[][] inputs, byte[][] outputs, int offset, int length) {
        int whole = length - length % LENGTH;
        int end = offset + whole;
        for (int from = offset; from < end; from += BLOCK) {
            block(coefficients, inputs, outputs, from, Math.min(end, from + BLOCK));
        }
        ScalarKernel.multiplyBytes(coefficients, inputs, outputs, end, offset + length);
    }

    /** All passes over one block: the first pair of inputs is stored to the outputs, the others are added. */
    private static void block(Coefficients c, byte[][] inputs, byte[][] outputs, int from, int to) {
        byte[] t = c.vectorTables();
        for (int output = 0; output < outputs.length; output += 2) {
            byte[] a = outputs[output];
            for (int input = 0; input < inputs.length; input += 2) {
                byte[] x = inputs[input];
                byte[] y = inputs[Math.min(input + 1, inputs.length - 1)];
                int ta = c.tableOf(output, input);
                if (output + 1 == outputs.length) {
                    single(t, ta, x, y, a, from, to, input == 0);
                } else {
                    pair(t, ta, c.tableOf(output + 1, input), x, y, a, outputs[output + 1], from, to, input == 0);
                }
            }
        }
    }

    private static void single(byte[] t, int ta, byte[] x, byte[] y, byte[] a, int from, int to, boolean first) {
        if (first) {
            setSingle(t, ta, x, y, a, from, to);
        } else {
            addSingle(t, ta, x, y, a, from, to);
        }
    }

    private static void pair(
            byte[] t, int ta, int tb, byte[] x, byte[] y, byte[] a, byte[] b, int from, int to, boolean first) {
        if (first) {
            setPair(t, ta, tb, x, y, a, b, from, to);
        } else {
            addPair(t, ta, tb, x, y, a, b, from, to);
        }
    }

    /** Two outputs := two inputs. */
    private static void setPair(byte[] t, int ta, int tb, byte[] x, byte[] y, byte[] a, byte[] b, int from, int to) {
        ByteVector axl = ByteVector.fromArray(SPECIES, t, ta);
        ByteVector axh = ByteVector.fromArray(SPECIES, t, ta + HIGH);
        ByteVector ayl = ByteVector.fromArray(SPECIES, t, ta + NEXT);
        ByteVector ayh = ByteVector.fromArray(SPECIES, t, ta + NEXT + HIGH);
        ByteVector bxl = ByteVector.fromArray(SPECIES, t, tb);
        ByteVector bxh = ByteVector.fromArray(SPECIES, t, tb + HIGH);
        ByteVector byl = ByteVector.fromArray(SPECIES, t, tb + NEXT);
        ByteVector byh = ByteVector.fromArray(SPECIES, t, tb + NEXT + HIGH);
        for (int i = from; i < to; i += LENGTH) {
            ByteVector xl = ByteVector.fromArray(SPECIES, x, i);
            ByteVector xh = xl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            ByteVector yl = ByteVector.fromArray(SPECIES, y, i);
            ByteVector yh = yl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            xl.selectFrom(axl)
                    .lanewise(XOR, xh.selectFrom(axh))
                    .lanewise(XOR, yl.selectFrom(ayl))
                    .lanewise(XOR, yh.selectFrom(ayh))
                    .intoArray(a, i);
            xl.selectFrom(bxl)
                    .lanewise(XOR, xh.selectFrom(bxh))
                    .lanewise(XOR, yl.selectFrom(byl))
                    .lanewise(XOR, yh.selectFrom(byh))
                    .intoArray(b, i);
        }
    }

    /** Two outputs += two inputs. */
    private static void addPair(byte[] t, int ta, int tb, byte[] x, byte[] y, byte[] a, byte[] b, int from, int to) {
        ByteVector axl = ByteVector.fromArray(SPECIES, t, ta);
        ByteVector axh = ByteVector.fromArray(SPECIES, t, ta + HIGH);
        ByteVector ayl = ByteVector.fromArray(SPECIES, t, ta + NEXT);
        ByteVector ayh = ByteVector.fromArray(SPECIES, t, ta + NEXT + HIGH);
        ByteVector bxl = ByteVector.fromArray(SPECIES, t, tb);
        ByteVector bxh = ByteVector.fromArray(SPECIES, t, tb + HIGH);
        ByteVector byl = ByteVector.fromArray(SPECIES, t, tb + NEXT);
        ByteVector byh = ByteVector.fromArray(SPECIES, t, tb + NEXT + HIGH);
        for (int i = from; i < to; i += LENGTH) {
            ByteVector xl = ByteVector.fromArray(SPECIES, x, i);
            ByteVector xh = xl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            ByteVector yl = ByteVector.fromArray(SPECIES, y, i);
            ByteVector yh = yl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            xl.selectFrom(axl)
                    .lanewise(XOR, xh.selectFrom(axh))
                    .lanewise(XOR, yl.selectFrom(ayl))
                    .lanewise(XOR, yh.selectFrom(ayh))
                    .lanewise(XOR, ByteVector.fromArray(SPECIES, a, i))
                    .intoArray(a, i);
            xl.selectFrom(bxl)
                    .lanewise(XOR, xh.selectFrom(bxh))
                    .lanewise(XOR, yl.selectFrom(byl))
                    .lanewise(XOR, yh.selectFrom(byh))
                    .lanewise(XOR, ByteVector.fromArray(SPECIES, b, i))
                    .intoArray(b, i);
        }
    }

    /** One output := two inputs. */
    private static void setSingle(byte[] t, int ta, byte[] x, byte[] y, byte[] a, int from, int to) {
        ByteVector axl = ByteVector.fromArray(SPECIES, t, ta);
        ByteVector axh = ByteVector.fromArray(SPECIES, t, ta + HIGH);
        ByteVector ayl = ByteVector.fromArray(SPECIES, t, ta + NEXT);
        ByteVector ayh = ByteVector.fromArray(SPECIES, t, ta + NEXT + HIGH);
        for (int i = from; i < to; i += LENGTH) {
            ByteVector xl = ByteVector.fromArray(SPECIES, x, i);
            ByteVector xh = xl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            ByteVector yl = ByteVector.fromArray(SPECIES, y, i);
            ByteVector yh = yl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            xl.selectFrom(axl)
                    .lanewise(XOR, xh.selectFrom(axh))
                    .lanewise(XOR, yl.selectFrom(ayl))
                    .lanewise(XOR, yh.selectFrom(ayh))
                    .intoArray(a, i);
        }
    }

    /** One output += two inputs. */
    private static void addSingle(byte[] t, int ta, byte[] x, byte[] y, byte[] a, int from, int to) {
        ByteVector axl = ByteVector.fromArray(SPECIES, t, ta);
        ByteVector axh = ByteVector.fromArray(SPECIES, t, ta + HIGH);
        ByteVector ayl = ByteVector.fromArray(SPECIES, t, ta + NEXT);
        ByteVector ayh = ByteVector.fromArray(SPECIES, t, ta + NEXT + HIGH);
        for (int i = from; i < to; i += LENGTH) {
            ByteVector xl = ByteVector.fromArray(SPECIES, x, i);
            ByteVector xh = xl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            ByteVector yl = ByteVector.fromArray(SPECIES, y, i);
            ByteVector yh = yl.reinterpretAsInts().lanewise(LSHR, SHIFT).reinterpretAsBytes();
            xl.selectFrom(axl)
                    .lanewise(XOR, xh.selectFrom(axh))
                    .lanewise(XOR, yl.selectFrom(ayl))
                    .lanewise(XOR, yh.selectFrom(ayh))
                    .lanewise(XOR, ByteVector.fromArray(SPECIES, a, i))
                    .intoArray(a, i);
        }
    }
}

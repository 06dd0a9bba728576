package io.cairn.erasure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.cairn.base.Clock;
import io.cairn.testkit.Property;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kernel promises, against a slow reference that shares no table with any of them. */
final class KernelTest {
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);

    static Stream<Kernel> kernels() {
        return Stream.concat(Stream.of(new ScalarKernel()), VectorKernels.define().stream());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void multiply_ofRandomShapesOffsetsAndLengths_equalsTheReference(Kernel kernel) {
        Property.holds(200, random -> {
            Matrix matrix = matrix(random, 1 + random.nextInt(8), 1 + random.nextInt(16));
            int offset = random.nextInt(70);
            int length = random.nextInt(5) == 0 ? random.nextInt(2000) : random.nextInt(300);
            expectReference(kernel, matrix, random, offset, length);
        });
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void multiply_acrossBlocks_equalsTheReference(Kernel kernel) {
        SplittableRandom random = new SplittableRandom(8192);
        expectReference(kernel, matrix(random, 3, 5), random, 13, 3 * 8192 + 77);
    }

    private static Matrix matrix(SplittableRandom random, int outputs, int inputs) {
        int[][] cells = new int[outputs][inputs];
        for (int[] row : cells) {
            for (int column = 0; column < inputs; column++) {
                row[column] = random.nextInt(256);
            }
        }
        return new Matrix(cells, inputs);
    }

    private static void expectReference(Kernel kernel, Matrix matrix, SplittableRandom random, int offset, int length) {
        byte[][] inputs = filled(random, matrix.columns(), offset + length + 3);
        byte[][] outputs = filled(random, matrix.rows(), offset + length + 3);
        byte[][] expected = new byte[outputs.length][];
        for (int row = 0; row < outputs.length; row++) {
            expected[row] = outputs[row].clone();
            for (int i = offset; i < offset + length; i++) {
                expected[row][i] = reference(matrix, row, inputs, i);
            }
        }
        kernel.multiply(new Coefficients(matrix), inputs, outputs, offset, length);
        for (int row = 0; row < outputs.length; row++) {
            assertArrayEquals(
                    expected[row],
                    outputs[row],
                    "%s, %d×%d, offset %d, length %d, output %d"
                            .formatted(kernel.name(), matrix.rows(), matrix.columns(), offset, length, row));
        }
    }

    private static byte[][] filled(SplittableRandom random, int shards, int length) {
        byte[][] filled = new byte[shards][length];
        for (byte[] shard : filled) {
            random.nextBytes(shard);
        }
        return filled;
    }

    private static byte reference(Matrix matrix, int row, byte[][] inputs, int i) {
        int sum = 0;
        for (int column = 0; column < inputs.length; column++) {
            sum ^= product(matrix.at(row, column), inputs[column][i] & 0xff);
        }
        return (byte) sum;
    }

    /** Carry-less product, then the remainder by long division. */
    private static int product(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            product ^= (b >> bit & 1) * (a << bit);
        }
        for (int bit = 14; bit >= 8; bit--) {
            product ^= (product >> bit & 1) * (0x11d << bit - 8);
        }
        return product;
    }

    /** Vectors that the compiler fails to keep in registers land on the heap, at a hundredth of the speed. */
    @Test
    void multiply_onTheElectedKernel_allocatesNothing() {
        Kernel elected = elected();
        for (ErasureScheme scheme : List.of(new ErasureScheme(4, 2), new ErasureScheme(5, 3))) {
            ErasureCode code = new ErasureCode(scheme, new ActiveKernel(elected));
            byte[][] data = new byte[scheme.data()][32 << 10];
            byte[][] parity = new byte[scheme.parity()][32 << 10];
            assertTrue(reachesZeroAllocation(() -> code.encode(data, parity, 1, (32 << 10) - 2)), scheme.toString());
        }
    }

    private static Kernel elected() {
        Kernel scalar = new ScalarKernel();
        return new KernelElection(Clock.system(), LockSupport::parkNanos, scalar)
                .elect(VectorKernels.define())
                .orElseThrow();
    }

    /** The control: the same meter sees a kernel that allocates. */
    @Test
    void multiply_onTheScalarKernel_allocatesItsBlockOfSums() {
        byte[][] shard = new byte[1][64];
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(1, 1));
        long bytes = allocatedBytes(() -> code.encode(shard, new byte[1][64], 0, 64));
        assertFalse(bytes < 4096, "allocated " + bytes);
    }

    private static boolean reachesZeroAllocation(Runnable operation) {
        long start = Clock.system().nanos();
        while (Clock.system().nanos() - start < WARM_UP_MAX.toNanos()) {
            long bytes = allocatedBytes(() -> {
                for (int i = 0; i < 1000; i++) {
                    operation.run();
                }
            });
            if (bytes == 0) {
                return true;
            }
        }
        return false;
    }

    private static long allocatedBytes(Runnable operation) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        operation.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void name_ofAVectorKernel_saysItsWidth() {
        assertEquals("vector-128", VectorKernels.define().getFirst().name());
    }
}

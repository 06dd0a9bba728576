package io.cairn.erasure;

import io.cairn.base.Checks;
import io.cairn.base.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Warms candidate kernels and elects the fastest one that beats the scalar kernel steadily. Vector code is about a
 * thousand times slower until the compiler is done with it, and which width is fastest differs between processors, so
 * nothing but a timed probe can tell. It runs in short bursts with growing pauses, to leave the processor to others,
 * and gives up after a bounded number of them. Used by one thread.
 */
final class KernelElection {
    /** Bursts that a candidate must win in a row: compiled code is thrown away and made again at first. */
    static final int STEADY_BURSTS = 16;

    /** Bursts after which a candidate is given up, as where there is no optimising compiler: half a minute. */
    static final int MAX_BURSTS = 600;

    private static final int PROBES_PER_BURST = 8;
    private static final long PAUSE_STEP_NANOS = 50_000;

    private final Clock clock;
    private final LongConsumer pause;
    private final Kernel scalar;

    /** {@code pause} waits for a number of nanoseconds. */
    KernelElection(Clock clock, LongConsumer pause, Kernel scalar) {
        this.clock = clock;
        this.pause = pause;
        this.scalar = scalar;
    }

    /**
     * The winner, warm for every shape of matrix, or empty when none beats the scalar kernel.
     *
     * @throws IllegalStateException if a candidate computes other bytes than the scalar kernel
     */
    Optional<Kernel> elect(List<Kernel> candidates) {
        Probe oneLoop = Probe.ofOneLoop(scalar);
        Optional<Timed> fastest = candidates.stream()
                .flatMap(candidate -> warm(candidate, oneLoop).stream())
                .min(Comparator.comparingLong(Timed::nanos));
        Probe everyLoop = Probe.ofEveryLoop(scalar);
        return fastest.flatMap(timed -> warm(timed.kernel(), everyLoop)).map(Timed::kernel);
    }

    /** A kernel and its best median time for a probe. */
    private record Timed(Kernel kernel, long nanos) {}

    private Optional<Timed> warm(Kernel candidate, Probe probe) {
        long scalarNanos = Long.MAX_VALUE;
        long candidateNanos = Long.MAX_VALUE;
        int steady = 0;
        for (int burst = 0; burst < MAX_BURSTS && steady < STEADY_BURSTS; burst++) {
            scalarNanos = Math.min(scalarNanos, medianNanos(scalar, probe));
            long nanos = medianNanos(candidate, probe);
            candidateNanos = Math.min(candidateNanos, nanos);
            steady = nanos < scalarNanos ? steady + 1 : 0;
            pause.accept(burst * PAUSE_STEP_NANOS);
        }
        return steady == STEADY_BURSTS ? Optional.of(new Timed(candidate, candidateNanos)) : Optional.empty();
    }

    private long medianNanos(Kernel kernel, Probe probe) {
        long[] nanos = new long[PROBES_PER_BURST];
        for (int i = 0; i < PROBES_PER_BURST; i++) {
            long start = clock.nanos();
            probe.run(kernel);
            nanos[i] = clock.nanos() - start;
            Checks.check(probe.passed(), "kernel %s computes what the scalar one does", kernel.name());
        }
        Arrays.sort(nanos);
        return nanos[PROBES_PER_BURST / 2];
    }

    /** A small stripe whose outputs are known. */
    private record Probe(Coefficients coefficients, byte[][] inputs, byte[][] outputs, byte[][] expected) {
        private static final int LENGTH = 4096;

        /** Two inputs, two outputs: enough to compare widths. */
        static Probe ofOneLoop(Kernel scalar) {
            return of(new ErasureScheme(2, 2), scalar);
        }

        /** An odd number of outputs and more than two inputs: the vector kernel runs all of its loops. */
        static Probe ofEveryLoop(Kernel scalar) {
            return of(new ErasureScheme(4, 3), scalar);
        }

        private static Probe of(ErasureScheme scheme, Kernel scalar) {
            Coefficients coefficients = ErasureCode.parityCoefficients(scheme);
            byte[][] inputs = new byte[scheme.data()][LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                for (int input = 0; input < inputs.length; input++) {
                    inputs[input][i] = (byte) (i * (2 * input + 1) + (i >> Byte.SIZE));
                }
            }
            byte[][] expected = new byte[scheme.parity()][LENGTH];
            scalar.multiply(coefficients, inputs, expected, 0, LENGTH);
            return new Probe(coefficients, inputs, new byte[scheme.parity()][LENGTH], expected);
        }

        void run(Kernel kernel) {
            kernel.multiply(coefficients, inputs, outputs, 0, LENGTH);
        }

        boolean passed() {
            return Arrays.deepEquals(outputs, expected);
        }
    }
}

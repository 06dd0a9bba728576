package io.cairn.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

final class KernelElectionTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final Kernel scalar = new Timed("scalar", call -> 1000);
    private long pausedNanos;

    /** The scalar kernel's bytes, in a time of our choice by number of the call. */
    private final class Timed implements Kernel {
        private final Kernel bytes = new ScalarKernel();
        private final String name;
        private final IntToLongFunction nanosOfCall;
        private int calls;

        Timed(String name, IntToLongFunction nanosOfCall) {
            this.name = name;
            this.nanosOfCall = nanosOfCall;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void multiply(Coefficients coefficients, byte[][] inputs, byte[][] outputs, int offset, int length) {
            bytes.multiply(coefficients, inputs, outputs, offset, length);
            clock.advance(Duration.ofNanos(nanosOfCall.applyAsLong(calls++)));
        }
    }

    private Optional<String> elect(Kernel... candidates) {
        return new KernelElection(clock, nanos -> pausedNanos += nanos, scalar)
                .elect(List.of(candidates))
                .map(Kernel::name);
    }

    @Test
    void elect_ofACandidateThatWarmsUp_waitsUntilItIsFast() {
        Timed warming = new Timed("vector", call -> call < 1000 ? 1_000_000 : 10);
        assertEquals(Optional.of("vector"), elect(warming));
        assertTrue(warming.calls > 1000, "calls " + warming.calls);
    }

    @Test
    void elect_ofSeveral_takesTheFastest() {
        Kernel narrow = new Timed("narrow", call -> 200);
        Kernel middle = new Timed("middle", call -> 100);
        Kernel wide = new Timed("wide", call -> 300);
        assertEquals(Optional.of("middle"), elect(narrow, middle, wide));
    }

    @Test
    void elect_ofOneThatIsNeverFaster_givesUpAfterABoundedTime() {
        Timed slow = new Timed("slow", call -> 2000);
        assertEquals(Optional.empty(), elect(slow));
        assertEquals(8 * KernelElection.MAX_BURSTS, slow.calls);
        assertTrue(pausedNanos < Duration.ofMinutes(2).toNanos(), "paused for ns " + pausedNanos);
    }

    @Test
    void elect_ofOneThatIsFastOnlyNowAndThen_keepsTheScalar() {
        Timed wobbling = new Timed("wobbling", call -> call / 8 % KernelElection.STEADY_BURSTS == 0 ? 5000 : 10);
        assertEquals(Optional.empty(), elect(wobbling));
    }

    @Test
    void elect_ofNone_isEmpty() {
        assertEquals(Optional.empty(), elect());
    }

    @Test
    void elect_ofOneThatComputesOtherBytes_fails() {
        Kernel wrong = new Kernel() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public void multiply(Coefficients c, byte[][] inputs, byte[][] outputs, int offset, int length) {
                new ScalarKernel().multiply(c, inputs, outputs, offset, length);
                outputs[0][length - 1] ^= 1;
            }
        };
        assertThrows(IllegalStateException.class, () -> elect(wrong));
    }
}

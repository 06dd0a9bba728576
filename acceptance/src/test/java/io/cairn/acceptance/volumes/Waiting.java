package io.cairn.acceptance.volumes;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do. Stateless. */
final class Waiting {
    private static final Duration STEP = Duration.ofMillis(50);

    private Waiting() {}

    /** Fails when the condition does not come true in time. */
    static void until(String what, Duration within, BooleanSupplier condition) {
        long end = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + within + ": " + what);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}

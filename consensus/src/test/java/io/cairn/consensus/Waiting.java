package io.cairn.consensus;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for what another thread does, at most half a minute. */
final class Waiting {
    private Waiting() {}

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so within 30 s");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}

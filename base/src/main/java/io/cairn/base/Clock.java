package io.cairn.base;

import java.time.Instant;

/** The port for time. {@link #system()} is the machine's clock; tests pass one that they move by hand. */
public interface Clock {
    /** Wall time, which may jump in either direction. */
    Instant now();

    /** Monotonic nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();

    /** The machine's own clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** The one place that reads the machine's clock. */
    enum SystemClock implements Clock {
        INSTANCE;

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}

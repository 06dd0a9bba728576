package io.cairn.metadata;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A sequence below which a queue is known to be empty, so that no reader walks over the tombstones of finished entries.
 * It only rises: sequences are given in order and never again. Safe for use by many threads.
 */
final class QueueFloor {
    private final AtomicLong floor = new AtomicLong();

    long sequence() {
        return floor.get();
    }

    /** Notes that a moment of the database held nothing below this sequence. */
    void raise(long sequence) {
        floor.accumulateAndGet(sequence, Math::max);
    }
}

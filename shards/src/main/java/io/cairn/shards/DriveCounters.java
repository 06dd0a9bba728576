package io.cairn.shards;

import io.cairn.base.Clock;
import java.util.concurrent.atomic.LongAdder;

/** The running counts of a drive. Safe for use by many threads. */
final class DriveCounters {
    private final Clock clock;
    final LongAdder syncs = new LongAdder();
    final LongAdder syncNanos = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder writtenBytes = new LongAdder();
    final LongAdder reclaimedBytes = new LongAdder();
    final LongAdder compactions = new LongAdder();
    final LongAdder corruptReads = new LongAdder();

    DriveCounters(Clock clock) {
        this.clock = clock;
    }

    long nanos() {
        return clock.nanos();
    }

    void synced() {
        syncs.increment();
    }

    void syncTook(long nanos) {
        syncNanos.add(nanos);
    }

    void batch(int size) {
        batches.increment();
        requests.add(size);
    }

    void wrote(long bytes) {
        writtenBytes.add(bytes);
    }

    void reclaimed(long bytes) {
        reclaimedBytes.add(bytes);
    }
}

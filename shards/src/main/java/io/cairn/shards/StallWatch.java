package io.cairn.shards;

import io.cairn.model.DriveFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch over the system calls of a drive's writer and of the look at its directory: a disk that hangs answers
 * nothing at all, not even with an error. When a call has not come back in time the drive counts as hung: whoever waits
 * for it is told so, and nobody is let in any more, until the call has come back. Does no I/O itself. Safe for use by
 * many threads.
 */
final class StallWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    private final String drive;
    private final long limitNanos;
    private final WriteQueue queue;
    private final Health health;
    private final DriveCounters counters;
    private @Nullable List<WriteRequest> batch;
    private long batchSince;
    private boolean looking;
    private long lookSince;
    private boolean hung;

    StallWatch(String drive, Duration limit, WriteQueue queue, Health health, DriveCounters counters) {
        this.drive = drive;
        this.limitNanos = limit.toNanos();
        this.queue = queue;
        this.health = health;
        this.counters = counters;
    }

    /** The writer is about to work on a batch. */
    synchronized void batchBegins(List<WriteRequest> requests) {
        batch = requests;
        batchSince = counters.nanos();
    }

    synchronized void batchEnds() {
        batch = null;
        settle();
    }

    /** The directory is about to be looked at. */
    synchronized void lookBegins() {
        looking = true;
        lookSince = counters.nanos();
    }

    synchronized void lookEnds() {
        looking = false;
        settle();
    }

    private void settle() {
        if (hung && batch == null && !looking) {
            hung = false;
            queue.admit();
            health.noLongerHung();
            LOG.warn("drive {} answers again", drive);
        }
    }

    /** Looks at the clock; called at short intervals by a thread that touches no disk. */
    synchronized void check() {
        long now = counters.nanos();
        boolean writerStuck = batch != null && now - batchSince > limitNanos;
        boolean lookStuck = looking && now - lookSince > limitNanos;
        if (!writerStuck && !lookStuck) {
            return;
        }
        DriveFault fault = new DriveFault(
                DriveFault.Kind.HUNG,
                "drive " + drive + " hangs: "
                        + (writerStuck ? "a write or sync" : "a look at its directory") + " has not come back for "
                        + TimeUnit.NANOSECONDS.toSeconds(limitNanos) + " s");
        if (!hung) {
            hung = true;
            DriveFault _ = health.report(fault);
            LOG.error("{}", fault.getMessage());
        }
        // Appends that came in between the fault and the closing of the queue are among them.
        queue.refuse().forEach(request -> request.done().completeExceptionally(fault));
        if (batch != null) {
            batch.forEach(request -> request.done().completeExceptionally(fault));
        }
    }
}

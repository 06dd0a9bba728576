package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobRef;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Re-reads everything that is stored at a gentle pace and repairs what fails its checksum. One round after another,
 * with a rest in between. Owned by the thread of its worker, which may be interrupted by closing only.
 */
final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final Duration REST = Duration.ofHours(24);
    private static final long PAUSE_MILLIS_MAX = 200;

    private final Metadata metadata;
    private final BlobRepair repair;
    private final Clock clock;
    private final long bytesPerSecond;
    private volatile ScrubStatus status = new ScrubStatus(Optional.empty(), Optional.empty(), 0, 0, 0, 0);

    Scrubber(Metadata metadata, BlobRepair repair, Clock clock, long bytesPerSecond) {
        this.metadata = metadata;
        this.repair = repair;
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
    }

    ScrubStatus status() {
        return status;
    }

    /** One whole round. */
    Duration step(Worker worker) {
        if (bytesPerSecond == 0) {
            return REST;
        }
        status = new ScrubStatus(Optional.of(clock.now()), Optional.empty(), 0, 0, 0, 0);
        long begun = clock.nanos();
        metadata.view().blobs(blob -> {
            verify(blob);
            return pace(worker, begun);
        });
        ScrubStatus last = status;
        status = new ScrubStatus(
                last.begun(), Optional.of(clock.now()), last.blobs(), last.bytes(), last.rebuilt(), last.lost());
        if (last.rebuilt() > 0 || last.lost() > 0) {
            LOG.warn("scrub: {} shards were rebuilt, {} stripes cannot be", last.rebuilt(), last.lost());
        }
        return REST;
    }

    private void verify(BlobRef blob) {
        BlobRepair.Result result = repair.repair(blob, true);
        ScrubStatus before = status;
        status = new ScrubStatus(
                before.begun(),
                before.ended(),
                before.blobs() + 1,
                before.bytes()
                        + blob.length()
                                * blob.redundancy().width()
                                / blob.redundancy().needed(),
                before.rebuilt() + result.rebuilt(),
                before.lost() + result.lost());
    }

    /** Waits until the bytes read so far are due; false when the worker is to stop. */
    private boolean pace(Worker worker, long begun) {
        long dueNanos = (long) (status.bytes() * 1e9 / bytesPerSecond);
        while (!worker.stopping() && clock.nanos() - begun < dueNanos) {
            try {
                Thread.sleep(PAUSE_MILLIS_MAX);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !worker.stopping();
    }
}

package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobRef;
import io.cairn.model.Command;
import io.cairn.model.MetadataView;
import io.cairn.model.Outcome;
import io.cairn.model.ScrubMark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Re-reads everything that is stored at a gentle pace and repairs what fails its checksum. One round after another,
 * with a rest in between. How far it has come is noted in the metadata, so that restarts do not keep it from ever
 * reaching the end. Owned by the thread of its worker, which may be interrupted by closing only.
 */
final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final Duration REST = Duration.ofHours(24);
    private static final long PAUSE_MILLIS_MAX = 200;
    private static final long NOTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int PAGE_ROWS = 64;

    private final Metadata metadata;
    private final BlobRepair repair;
    private final Clock clock;
    private final long bytesPerSecond;
    private volatile ScrubMark mark = ScrubMark.beginning(Instant.EPOCH);

    Scrubber(Metadata metadata, BlobRepair repair, Clock clock, long bytesPerSecond) {
        this.metadata = metadata;
        this.repair = repair;
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
    }

    ScrubStatus status() {
        ScrubMark now = mark;
        Optional<Instant> begun = now.begun().equals(Instant.EPOCH) ? Optional.empty() : Optional.of(now.begun());
        return new ScrubStatus(begun, now.ended(), now.blobs(), now.bytes(), now.rebuilt(), now.lost());
    }

    /** What is left of the present round, or a whole one. A round that a restart cut short goes on where it was. */
    Duration step(Worker worker) {
        if (bytesPerSecond == 0) {
            return REST;
        }
        Optional<ScrubMark> known = metadata.view().scrub();
        Duration rest = known.flatMap(ScrubMark::ended).map(this::restAfter).orElse(Duration.ZERO);
        if (rest.isPositive()) {
            mark = known.orElseThrow();
            return rest;
        }
        mark = known.filter(last -> last.ended().isEmpty()).orElseGet(() -> ScrubMark.beginning(clock.now()));
        round(worker);
        return REST;
    }

    private Duration restAfter(Instant ended) {
        return REST.minus(Duration.between(ended, clock.now()));
    }

    private void round(Worker worker) {
        long begun = clock.nanos();
        long noted = begun;
        long before = mark.bytes();
        boolean more = true;
        while (more) {
            MetadataView.BlobPage page = metadata.view().blobs(mark.position(), PAGE_ROWS);
            for (BlobRef blob : page.blobs()) {
                verify(blob);
                if (!pace(worker, begun, before)) {
                    note();
                    return;
                }
            }
            mark = new ScrubMark(
                    mark.begun(), mark.ended(), page.next(), mark.blobs(), mark.bytes(), mark.rebuilt(), mark.lost());
            more = !page.next().isEmpty();
            if (more && clock.nanos() - noted > NOTE_NANOS) {
                note();
                noted = clock.nanos();
            }
        }
        mark = mark.ended(clock.now());
        note();
        if (mark.rebuilt() > 0 || mark.lost() > 0) {
            LOG.warn("scrub: {} shards were rebuilt, {} stripes cannot be", mark.rebuilt(), mark.lost());
        }
    }

    private void note() {
        Outcome _ = metadata.apply(new Command.NoteScrub(mark));
    }

    private void verify(BlobRef blob) {
        BlobRepair.Result result = repair.repair(blob, true);
        long stored =
                blob.length() * blob.redundancy().width() / blob.redundancy().needed();
        mark = new ScrubMark(
                mark.begun(),
                mark.ended(),
                mark.position(),
                mark.blobs() + 1,
                mark.bytes() + stored,
                mark.rebuilt() + result.rebuilt(),
                mark.lost() + result.lost());
    }

    /** Waits until the bytes read so far are due; false when the worker is to stop. */
    private boolean pace(Worker worker, long begun, long before) {
        long dueNanos = (long) ((mark.bytes() - before) * 1e9 / bytesPerSecond);
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

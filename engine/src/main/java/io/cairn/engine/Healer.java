package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobRef;
import io.cairn.model.Command;
import io.cairn.model.MetadataView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds missing and damaged shards. Works off the persistent repair queue first; after a change of the placement map
 * or the return of a drive it passes over everything that is stored and checks that each drive has what it should have.
 * A pass can be asked for from any thread; the work is done by the thread of its worker.
 */
final class Healer {
    private static final Logger LOG = LoggerFactory.getLogger(Healer.class);
    private static final int BATCH = 64;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration STUCK = Duration.ofSeconds(5);
    private static final int REPORTED_MAX = 10_000;

    private final Metadata metadata;
    private final BlobRepair repair;
    private final Clock clock;
    private final Map<Long, BlobRef> reported = new LinkedHashMap<>();
    private final AtomicBoolean passWanted = new AtomicBoolean();
    private long after;
    private final AtomicReference<HealStatus> status = new AtomicReference<>(HealStatus.IDLE);

    Healer(Metadata metadata, BlobRepair repair, Clock clock) {
        this.metadata = metadata;
        this.repair = repair;
        this.clock = clock;
    }

    /** Remembers a blob that a reader found damaged; it goes to the persistent queue with the next step. */
    void report(BlobRef blob) {
        synchronized (reported) {
            if (reported.size() < REPORTED_MAX) {
                reported.put(blob.id().value(), blob);
            } else {
                passWanted.set(true);
            }
        }
    }

    /** Asks for a pass over everything. */
    void wantPass() {
        passWanted.set(true);
    }

    HealStatus status() {
        return status.get();
    }

    /** One batch of the queue, or one whole pass. */
    Duration step(Worker worker) {
        enqueueReported();
        List<MetadataView.Queued> queue = metadata.view().repairs(after, BATCH);
        after = queue.size() == BATCH ? queue.getLast().sequence() : 0;
        List<Long> done = new ArrayList<>();
        for (MetadataView.Queued entry : queue) {
            BlobRepair.Result result = repair.repair(entry.blob(), true);
            if (result.whole()) {
                done.add(entry.sequence());
            }
            status.updateAndGet(before -> before.plus(result));
        }
        if (!done.isEmpty()) {
            metadata.apply(new Command.Repaired(done));
        }
        if (passWanted.getAndSet(false)) {
            pass(worker);
            return Duration.ZERO;
        }
        if (after > 0) {
            return Duration.ZERO;
        }
        return done.size() == queue.size() ? IDLE : STUCK;
    }

    private void enqueueReported() {
        List<BlobRef> blobs;
        synchronized (reported) {
            blobs = List.copyOf(reported.values());
            reported.clear();
        }
        if (!blobs.isEmpty()) {
            metadata.apply(new Command.NeedRepair(blobs));
        }
    }

    private void pass(Worker worker) {
        MetadataView view = metadata.view();
        status.set(HealStatus.started(clock.now(), view.usage().objects()));
        view.blobs(blob -> {
            BlobRepair.Result result = repair.repair(blob, false);
            if (result.whole()) {
                repair.releaseStrays(blob);
            }
            status.updateAndGet(before -> before.plus(result).checked());
            return !worker.stopping() && !passWanted.get();
        });
        HealStatus ended = status.updateAndGet(before -> before.ended(clock.now()));
        LOG.info(
                "heal pass: {} blobs checked, {} shards rebuilt, {} still missing, {} stripes lost",
                ended.blobsChecked(),
                ended.rebuilt(),
                ended.missing(),
                ended.lost());
    }
}

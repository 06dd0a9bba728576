package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.Command;
import io.cairn.model.MetadataView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final long RETRY_NANOS = Duration.ofMinutes(2).toNanos();
    private static final int LOST_MAX = 10_000;
    private static final int REPORTED_MAX = 10_000;

    private final Metadata metadata;
    private final BlobRepair repair;
    private final DriveSet drives;
    private final PlacementMap placement;
    private final Clock clock;
    private final Map<Long, BlobRef> reported = new LinkedHashMap<>();
    private final AtomicBoolean passWanted = new AtomicBoolean();
    private final Map<Long, BlobRef> lostEntries = new LinkedHashMap<>();
    private long after;
    private Seen seen = new Seen(-1, -1);
    private long walkBegun;
    private final AtomicReference<HealStatus> status = new AtomicReference<>(HealStatus.IDLE);

    /** What decides whether entries that could not be repaired are worth another try. */
    private record Seen(long generation, long placement) {}

    Healer(Metadata metadata, BlobRepair repair, DriveSet drives, PlacementMap placement, Clock clock) {
        this.metadata = metadata;
        this.repair = repair;
        this.drives = drives;
        this.placement = placement;
        this.clock = clock;
        // A pass that a restart cut short is made good; a map that never changed has nothing to be moved.
        passWanted.set(placement.current().version() > 1);
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
        boolean more = walkQueue();
        if (passWanted.getAndSet(false)) {
            boolean done = false;
            try {
                pass(worker);
                done = true;
            } finally {
                passWanted.compareAndSet(false, !done);
            }
            return Duration.ZERO;
        }
        return more ? Duration.ZERO : IDLE;
    }

    /**
     * The queue is walked once; what has to stay on it, for want of a drive, is tried again when a drive was opened or
     * the map has changed, and now and then.
     */
    private boolean walkQueue() {
        Seen now = new Seen(drives.generation(), placement.current().version());
        if (!now.equals(seen) || clock.nanos() - walkBegun > RETRY_NANOS) {
            seen = now;
            walkBegun = clock.nanos();
            after = 0;
        }
        List<MetadataView.Queued> queue = metadata.view().repairs(after, BATCH);
        if (queue.isEmpty()) {
            dropDeleted();
            return false;
        }
        List<Long> done = new ArrayList<>();
        for (MetadataView.Queued entry : queue) {
            BlobRepair.Result result = repair.repair(entry.blob(), true);
            if (result.whole()) {
                done.add(entry.sequence());
            } else if (result.lost() > 0 && lostEntries.size() < LOST_MAX) {
                lostEntries.put(entry.sequence(), entry.blob());
            }
            status.updateAndGet(before -> before.rebuilt(result.rebuilt()));
        }
        if (!done.isEmpty()) {
            metadata.apply(new Command.Repaired(done));
        }
        after = queue.getLast().sequence();
        return true;
    }

    /** Takes off the queue what nobody refers to any more: it was not lost, it was deleted. */
    private void dropDeleted() {
        if (lostEntries.isEmpty()) {
            return;
        }
        Set<BlobId> live = live(lostEntries.values());
        List<Long> gone = lostEntries.entrySet().stream()
                .filter(entry -> !live.contains(entry.getValue().id()))
                .map(Map.Entry::getKey)
                .toList();
        lostEntries.clear();
        if (!gone.isEmpty()) {
            metadata.apply(new Command.Repaired(gone));
        }
    }

    /** Those of the blobs that a row refers to now. */
    private Set<BlobId> live(Collection<BlobRef> blobs) {
        Set<BlobId> wanted = new HashSet<>();
        blobs.forEach(blob -> wanted.add(blob.id()));
        Set<BlobId> live = new HashSet<>();
        metadata.view().blobs(blob -> {
            if (wanted.contains(blob.id())) {
                live.add(blob.id());
            }
            return live.size() < wanted.size();
        });
        return live;
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
        Map<BlobRef, Integer> lost = new HashMap<>();
        view.blobs(blob -> {
            BlobRepair.Result result = repair.repair(blob, false);
            if (result.whole()) {
                repair.releaseStrays(blob);
            } else if (result.lost() > 0 && lost.size() < LOST_MAX) {
                lost.put(blob, result.lost());
            }
            status.updateAndGet(before -> before.plus(result).checked());
            return !worker.stopping() && !passWanted.get();
        });
        if (!lost.isEmpty() && lost.size() < LOST_MAX) {
            Set<BlobId> live = live(lost.keySet());
            lost.keySet().removeIf(blob -> !live.contains(blob.id()));
            long stripes = lost.values().stream().mapToLong(Integer::longValue).sum();
            status.updateAndGet(before -> before.lost(stripes));
        }
        HealStatus ended = status.updateAndGet(before -> before.ended(clock.now()));
        LOG.info(
                "heal pass: {} blobs checked, {} shards rebuilt, {} still missing, {} stripes lost",
                ended.blobsChecked(),
                ended.rebuilt(),
                ended.missing(),
                ended.lost());
    }
}

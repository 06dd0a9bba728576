package io.cairn.engine;

import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.Command;
import io.cairn.model.DriveId;
import io.cairn.model.MetadataView;
import io.cairn.model.Placement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives back the space of what was deleted or overwritten: takes blobs off the persistent reclaim queue, releases their
 * shards on every drive, then takes the entries off. Blobs under a reader wait. A crash in between releases them again,
 * which does no harm.
 *
 * <p>An entry stays on the queue until every drive of the map has released it, so that a drive which was away during a
 * delete neither keeps the space for ever nor tells salvage of objects that are gone. The queue is walked once; it is
 * walked again from its start when a drive was opened, when the map has changed, and some time after a failure. Owned
 * by the thread of its worker.
 */
final class Reclaimer {
    private static final int BATCH = 512;
    private static final int STRIPES_MAX = 8192;
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Metadata metadata;
    private final OpenBlobs open;
    private final BlobEraser eraser;
    private final DriveSet drives;
    private final PlacementMap placement;
    private long after;
    private long pinnedFrom = Long.MAX_VALUE;
    private boolean failed;
    private Seen seen = new Seen(-1, -1);

    /** What decides whether entries that had to stay are worth another look. */
    private record Seen(long generation, long placement) {}

    Reclaimer(Metadata metadata, OpenBlobs open, BlobEraser eraser, DriveSet drives, PlacementMap placement) {
        this.metadata = metadata;
        this.open = open;
        this.eraser = eraser;
        this.drives = drives;
        this.placement = placement;
    }

    /** Works off one batch. */
    Duration step() {
        Seen now = new Seen(drives.generation(), placement.current().version());
        if (!now.equals(seen)) {
            seen = now;
            after = 0;
        }
        List<MetadataView.Queued> queue = bounded(metadata.view().reclaims(after, BATCH));
        if (queue.isEmpty()) {
            return startAgain();
        }
        release(queue);
        after = queue.getLast().sequence();
        return Duration.ZERO;
    }

    /** At the end of the queue: entries under readers come next, failed ones after a rest. */
    private Duration startAgain() {
        Duration pause = failed ? AFTER_FAILURE : IDLE;
        if (failed) {
            after = 0;
        } else if (pinnedFrom != Long.MAX_VALUE) {
            after = pinnedFrom - 1;
        }
        failed = false;
        pinnedFrom = Long.MAX_VALUE;
        return pause;
    }

    /** As many entries as make a bounded list of shard names; at least one. */
    private static List<MetadataView.Queued> bounded(List<MetadataView.Queued> queue) {
        int stripes = 0;
        for (int i = 0; i < queue.size(); i++) {
            stripes += queue.get(i).blob().stripes();
            if (stripes > STRIPES_MAX) {
                return queue.subList(0, Math.max(1, i));
            }
        }
        return queue;
    }

    private void release(List<MetadataView.Queued> queue) {
        List<BlobRef> blobs = new ArrayList<>(queue.size());
        List<BlobId> ids = new ArrayList<>(queue.size());
        List<Long> sequences = new ArrayList<>(queue.size());
        for (MetadataView.Queued entry : queue) {
            if (open.retire(entry.blob().id())) {
                blobs.add(entry.blob());
                ids.add(entry.blob().id());
                sequences.add(entry.sequence());
            } else {
                pinnedFrom = Math.min(pinnedFrom, entry.sequence());
            }
        }
        if (!blobs.isEmpty() && everywhere(eraser.erase(blobs))) {
            metadata.apply(new Command.Reclaimed(sequences));
        }
        open.forget(ids);
    }

    /** Whether no drive of the map, in service or out, is left that may hold a shard of them. */
    private boolean everywhere(Set<DriveId> released) {
        Set<DriveId> open = new HashSet<>();
        drives.all().forEach(drive -> open.add(drive.id()));
        failed |= !released.containsAll(open);
        return released.containsAll(
                placement.current().drives().stream().map(Placement.Drive::id).toList());
    }
}

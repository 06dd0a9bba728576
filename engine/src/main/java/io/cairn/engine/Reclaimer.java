package io.cairn.engine;

import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.Command;
import io.cairn.model.MetadataView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives back the space of what was deleted or overwritten: takes blobs off the persistent reclaim queue, releases their
 * shards on every drive, then takes the entries off. Blobs under a reader wait. A crash in between releases them again,
 * which does no harm. Owned by the thread of its worker.
 */
final class Reclaimer {
    private static final int BATCH = 512;
    private static final Duration IDLE = Duration.ofMillis(200);

    private final Metadata metadata;
    private final OpenBlobs open;
    private final BlobEraser eraser;
    private long after;

    Reclaimer(Metadata metadata, OpenBlobs open, BlobEraser eraser) {
        this.metadata = metadata;
        this.open = open;
        this.eraser = eraser;
    }

    /** Works off one batch. */
    Duration step() {
        List<MetadataView.Queued> queue = metadata.view().reclaims(after, BATCH);
        after = queue.size() == BATCH ? queue.getLast().sequence() : 0;
        List<BlobRef> blobs = new ArrayList<>(queue.size());
        List<BlobId> ids = new ArrayList<>(queue.size());
        List<Long> sequences = new ArrayList<>(queue.size());
        for (MetadataView.Queued entry : queue) {
            if (open.retire(entry.blob().id())) {
                blobs.add(entry.blob());
                ids.add(entry.blob().id());
                sequences.add(entry.sequence());
            }
        }
        if (blobs.isEmpty()) {
            return after == 0 ? IDLE : Duration.ZERO;
        }
        eraser.erase(blobs);
        metadata.apply(new Command.Reclaimed(sequences));
        open.forget(ids);
        return after == 0 ? IDLE : Duration.ZERO;
    }
}

package io.cairn.engine;

import io.cairn.model.BlobId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The blobs that are being read now, so that their space is not given back under a reader. A blob is either pinned by
 * readers or retired for reclaim, never both. Thread-safe.
 */
final class OpenBlobs {
    private final Map<BlobId, Integer> pins = new HashMap<>();
    private final Set<BlobId> retired = new HashSet<>();

    /** Pins all of the blobs, or none when one has been retired, which means that the row they are from is gone. */
    synchronized boolean pin(Collection<BlobId> blobs) {
        if (blobs.stream().anyMatch(retired::contains)) {
            return false;
        }
        blobs.forEach(blob -> pins.merge(blob, 1, Integer::sum));
        return true;
    }

    synchronized void unpin(Collection<BlobId> blobs) {
        blobs.forEach(blob -> pins.computeIfPresent(blob, (_, count) -> count == 1 ? null : count - 1));
    }

    /** Retires the blob so that no reader may start; false while readers are at it. */
    synchronized boolean retire(BlobId blob) {
        if (pins.containsKey(blob)) {
            return false;
        }
        retired.add(blob);
        return true;
    }

    /** Forgets retired blobs once their reclaim is done: no row refers to them any more. */
    synchronized void forget(Collection<BlobId> blobs) {
        retired.removeAll(Set.copyOf(blobs));
    }
}

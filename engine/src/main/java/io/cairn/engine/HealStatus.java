package io.cairn.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * How healing is going: the figures of the present or the last pass, and of queue work since.
 *
 * @param begun when the pass began, empty when there was none yet
 * @param ended when it ended, empty while it runs
 * @param objects how many objects there were when it began, for a rough share done
 */
public record HealStatus(
        Optional<Instant> begun,
        Optional<Instant> ended,
        long objects,
        long blobsChecked,
        long rebuilt,
        long missing,
        long lost) {
    static final HealStatus IDLE = new HealStatus(Optional.empty(), Optional.empty(), 0, 0, 0, 0, 0);

    static HealStatus started(Instant now, long objects) {
        return new HealStatus(Optional.of(now), Optional.empty(), objects, 0, 0, 0, 0);
    }

    /** True while a pass runs. */
    public boolean running() {
        return begun.isPresent() && ended.isEmpty();
    }

    /** The same after work on the queue; what stays undone there is counted by the queue itself. */
    HealStatus rebuilt(int count) {
        return new HealStatus(begun, ended, objects, blobsChecked, rebuilt + count, missing, lost);
    }

    /** The same with stripes that turned out to be of deleted blobs, and not lost. */
    HealStatus lost(long confirmed) {
        return new HealStatus(begun, ended, objects, blobsChecked, rebuilt, missing, confirmed);
    }

    HealStatus plus(BlobRepair.Result result) {
        return new HealStatus(
                begun,
                ended,
                objects,
                blobsChecked,
                rebuilt + result.rebuilt(),
                missing + result.missing(),
                lost + result.lost());
    }

    HealStatus checked() {
        return new HealStatus(begun, ended, objects, blobsChecked + 1, rebuilt, missing, lost);
    }

    HealStatus ended(Instant now) {
        return new HealStatus(begun, Optional.of(now), objects, blobsChecked, rebuilt, missing, lost);
    }
}

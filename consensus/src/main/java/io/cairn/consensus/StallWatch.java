package io.cairn.consensus;

import io.cairn.base.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a member is doing on its drive at this moment, and since when: a drive that hangs answers nothing, not even with
 * an error, so nothing but the clock tells. Does no I/O. Safe for use by many threads.
 */
final class StallWatch {
    /** What is watched; each is done by one thread at a time. */
    enum Work {
        APPLY("an entry is being applied"),
        LOOK("its directory is being looked at"),
        SYNC("the log is being synced");

        private final String words;

        Work(String words) {
            this.words = words;
        }
    }

    private final Clock clock;
    private final long limitNanos;
    private final Map<Work, Long> begun = new EnumMap<>(Work.class);

    StallWatch(Clock clock, Duration limit) {
        this.clock = clock;
        this.limitNanos = limit.toNanos();
    }

    synchronized void begins(Work work) {
        begun.put(work, clock.nanos());
    }

    synchronized void ends(Work work) {
        begun.remove(work);
    }

    /** What has been going on for too long, in words. */
    synchronized Optional<String> stalled() {
        long now = clock.nanos();
        return begun.entrySet().stream()
                .filter(work -> now - work.getValue() > limitNanos)
                .findFirst()
                .map(work -> "its drive hangs: " + work.getKey().words + " for more than " + limitNanos / 1_000_000_000
                        + " s");
    }
}

package io.cairn.host.cgroup;

import io.cairn.base.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that follow the groups of containers. One hands new groups on at once and does nothing else; the other
 * looks at all of them a while after any change, and regularly, because what processes hold is known only once they
 * have settled. Both end with {@link #close}.
 */
final class ThrottleLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottleLoop.class);
    private static final long[] LOOKS_AFTER_NEWS_MILLIS = {50, 200, 1000, 5000};
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Duration REGULARLY = Duration.ofSeconds(10);

    /** Who is told. */
    interface Follower {
        /** These groups are new; no process may have started in them yet, so it is urgent. Called by one thread. */
        void arrived(List<Path> groups);

        /** Groups may have gone, and processes changed. Called by another thread. */
        void look();
    }

    private final GroupWatch watch;
    private final Follower follower;
    private final Clock clock;
    private final Thread watching;
    private final Thread looking;
    private volatile boolean closed;
    private long newsNanos;
    private long lookedNanos;
    private int looksDone = LOOKS_AFTER_NEWS_MILLIS.length;

    ThrottleLoop(GroupWatch watch, Follower follower, Clock clock) {
        this.watch = watch;
        this.follower = follower;
        this.clock = clock;
        this.lookedNanos = clock.nanos();
        watching = thread("cairn-throttle", this::follow);
        looking = thread("cairn-throttle-look", this::look);
    }

    private Thread thread(String name, Step step) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> repeat(step));
    }

    void start() {
        watching.start();
        looking.start();
    }

    /** What a thread does again and again. */
    @FunctionalInterface
    private interface Step {
        void make() throws InterruptedException;
    }

    private void repeat(Step step) {
        while (!closed) {
            try {
                step.make();
            } catch (InterruptedException end) {
                return;
            } catch (RuntimeException failure) {
                LOG.warn("Limits could not be brought up to date; trying again at the next look", failure);
            }
        }
    }

    private void follow() throws InterruptedException {
        GroupWatch.News news = watch.await(REGULARLY);
        try {
            if (!news.arrived().isEmpty()) {
                follower.arrived(news.arrived());
            }
        } finally {
            if (news.any()) {
                expectLooks();
            }
        }
    }

    private synchronized void expectLooks() {
        newsNanos = clock.nanos();
        looksDone = 0;
        notifyAll();
    }

    private void look() throws InterruptedException {
        awaitDue();
        if (!closed) {
            follower.look();
        }
    }

    private synchronized void awaitDue() throws InterruptedException {
        for (long left = leftNanos(); left > 0 && !closed; left = leftNanos()) {
            // Rounded up: the rest of a millisecond would be waited for in a busy loop.
            wait(left / NANOS_PER_MILLI + 1);
        }
        looksDone = Math.min(looksDone + 1, LOOKS_AFTER_NEWS_MILLIS.length);
        lookedNanos = clock.nanos();
    }

    private long leftNanos() {
        long now = clock.nanos();
        long left = lookedNanos + REGULARLY.toNanos() - now;
        if (looksDone < LOOKS_AFTER_NEWS_MILLIS.length) {
            long afterNews = newsNanos
                    + Duration.ofMillis(LOOKS_AFTER_NEWS_MILLIS[looksDone]).toNanos();
            // News that never end put a look off, but not for ever.
            left = Math.min(left, afterNews - now);
        }
        return left;
    }

    @Override
    public void close() {
        closed = true;
        watching.interrupt();
        looking.interrupt();
        watch.close();
    }
}

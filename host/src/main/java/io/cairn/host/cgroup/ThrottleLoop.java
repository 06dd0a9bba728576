package io.cairn.host.cgroup;

import io.cairn.base.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that follows the groups of containers: new ones are handed on at once; a while after any change, and
 * regularly, there is a look at all of them, because what processes hold is known only once they have settled. One
 * thread, ended by {@link #close}.
 */
final class ThrottleLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottleLoop.class);
    private static final long[] LOOKS_AFTER_NEWS_MILLIS = {50, 200, 1000, 5000};
    private static final Duration REGULARLY = Duration.ofSeconds(10);

    /** Who is told. Called by this thread alone. */
    interface Follower {
        /** These groups are new; no process may have started in them yet, so it is urgent. */
        void arrived(List<Path> groups);

        /** Groups may have gone, and processes changed. */
        void look();
    }

    private final GroupWatch watch;
    private final Follower follower;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean closed;
    private long newsNanos;
    private long lookedNanos;
    private int looksDone = LOOKS_AFTER_NEWS_MILLIS.length;

    ThrottleLoop(GroupWatch watch, Follower follower, Clock clock) {
        this.watch = watch;
        this.follower = follower;
        this.clock = clock;
        this.lookedNanos = clock.nanos();
        thread = Thread.ofPlatform().daemon().name("cairn-throttle").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                step();
            } catch (InterruptedException end) {
                return;
            } catch (RuntimeException failure) {
                LOG.warn("Limits could not be brought up to date; trying again at the next look", failure);
                lookedNanos = clock.nanos();
            }
        }
    }

    private void step() throws InterruptedException {
        GroupWatch.News news = watch.await(Duration.ofNanos(Math.max(0, dueNanos() - clock.nanos())));
        if (!news.arrived().isEmpty()) {
            follower.arrived(news.arrived());
        }
        if (news.any()) {
            newsNanos = clock.nanos();
            looksDone = 0;
        }
        if (!closed && clock.nanos() - dueNanos() >= 0) {
            looksDone = Math.min(looksDone + 1, LOOKS_AFTER_NEWS_MILLIS.length);
            lookedNanos = clock.nanos();
            follower.look();
        }
    }

    private long dueNanos() {
        return looksDone < LOOKS_AFTER_NEWS_MILLIS.length
                ? newsNanos
                        + Duration.ofMillis(LOOKS_AFTER_NEWS_MILLIS[looksDone]).toNanos()
                : lookedNanos + REGULARLY.toNanos();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        watch.close();
    }
}

package io.cairn.backup.postgres;

import io.cairn.base.Clock;
import io.cairn.repository.Repository;
import io.cairn.repository.store.RepositoryFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The thread that folds full segments while others arrive: sixteen at a time, or fewer after five minutes. */
final class WalFolding implements AutoCloseable {
    private static final int SEGMENTS = 16;
    private static final int BACKLOG_ALARM = 128;
    private static final Duration OLDEST = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final Repository repository;
    private final WalArea area;
    private final WalEvents events;
    private final Clock clock;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile long segmentSize;
    private volatile boolean closed;
    private long oldest;

    WalFolding(Repository repository, WalArea area, WalEvents events) {
        this.repository = repository;
        this.area = area;
        this.events = events;
        this.clock = repository.actor().clock();
        this.thread = Thread.ofPlatform().daemon().name("wal-fold").start(this::work);
    }

    void segmentSize(long bytes) {
        segmentSize = bytes;
    }

    /** There may be another full segment. */
    void wake() {
        wake.release();
    }

    private void work() {
        try {
            while (!closed) {
                boolean woken = wake.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                if (segmentSize > 0 && !closed && (woken || oldest > 0)) {
                    look();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            List<WalSegment> full = WalFold.full(area.pieces(), segmentSize);
            long now = clock.nanos();
            oldest = full.isEmpty() ? 0 : oldest == 0 ? now : oldest;
            if (full.size() >= BACKLOG_ALARM) {
                events.alarm(full.size() + " full segments of WAL wait to be packed: the repository is too slow, or"
                        + " somebody holds its lock");
            }
            if (full.size() >= SEGMENTS || (!full.isEmpty() && now - oldest > OLDEST.toNanos())) {
                int count = new WalFold(repository, area, segmentSize).run();
                oldest = 0;
                events.note("packed " + count + " segments of WAL");
            }
        } catch (RepositoryFault failed) {
            events.alarm("WAL waits in small files, since packing it failed: " + failed.getMessage());
        }
    }

    /** Waits for a fold that is under way. */
    @Override
    public void close() {
        closed = true;
        wake.release();
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}

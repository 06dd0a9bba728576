package io.cairn.shards;

import io.cairn.model.DriveFault;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The four threads of an open drive: the writer, the watch that looks whether the drive is still there, the one that
 * notices when neither comes back from the disk, and the care that prepares spare segments and compacts. Safe for use
 * by many threads.
 */
final class DriveThreads {
    private static final Logger LOG = LoggerFactory.getLogger(DriveThreads.class);

    /** A spare is worth its space once the open segment is this full: one part in so many. */
    private static final int SPARE_FRACTION = 4;

    private final DriveParts parts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private final ReentrantLock compacting = new ReentrantLock();
    private final Thread writer;
    private final Thread watch;
    private final Thread stalls;
    private final Thread care;
    private boolean stopped;

    private DriveThreads(DriveParts parts) {
        this.parts = parts;
        String name = "drive-" + parts.identity().id().toString().substring(0, 8);
        writer = Thread.ofPlatform().name(name + "-writer").unstarted(parts.writer()::run);
        watch = Thread.ofPlatform().name(name + "-watch").daemon().unstarted(() -> repeat(parts::look));
        stalls = Thread.ofPlatform().name(name + "-stalls").daemon().unstarted(() -> repeat(parts.stalls()::check));
        care = Thread.ofPlatform().name(name + "-care").daemon().unstarted(() -> repeat(this::care));
    }

    static DriveThreads start(DriveParts parts) {
        DriveThreads threads = new DriveThreads(parts);
        threads.writer.setDaemon(true);
        threads.writer.start();
        threads.watch.start();
        threads.stalls.start();
        threads.care.start();
        return threads;
    }

    private void repeat(Runnable work) {
        long nanos = parts.options().watchInterval().toNanos();
        while (!awaitStop(nanos)) {
            work.run();
        }
    }

    private boolean awaitStop(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!stopped && left > 0) {
                left = stopping.awaitNanos(left);
            }
            return stopped;
        } catch (InterruptedException strayInterrupt) {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private void care() {
        try {
            prepareSpare();
            while (!awaitStop(0) && compactOne()) {
                prepareSpare();
            }
        } catch (IOException | DriveFault failure) {
            LOG.warn("care of drive {} was interrupted", parts.identity().id(), failure);
        }
    }

    private void prepareSpare() throws IOException {
        Segment open = parts.packed().segment();
        long room = 2 * parts.options().packedSegmentBytes();
        if (open != null
                && open.row().indexedTo() > parts.options().packedSegmentBytes() / SPARE_FRACTION
                && parts.spares().wanted()
                && parts.health().fault() == null
                && parts.room().hasRoomFor(room)) {
            parts.spares().prepare();
        }
    }

    boolean compactOne() throws IOException {
        compacting.lock();
        try {
            return parts.compactOne(parts.queue()::add);
        } finally {
            compacting.unlock();
        }
    }

    /** Waits for all three. The queue has been closed, so the writer ends once it is drained. */
    void join() {
        lock.lock();
        try {
            stopped = true;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : new Thread[] {writer, watch, stalls, care}) {
            interrupted |= joinUninterruptibly(thread);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.join(java.time.Duration.ofNanos(TimeUnit.HOURS.toNanos(1)))) {
                    return interrupted;
                }
            } catch (InterruptedException wanted) {
                interrupted = true;
            }
        }
    }
}

package io.cairn.engine;

import io.cairn.model.StorageFault;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A background loop on a named thread of its own: takes a step, pauses for as long as the step says, and goes on after
 * an operating fault. {@link #wake} ends a pause early. Thread-safe.
 */
final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(2);
    private static final Duration PAUSE_AFTER_DEFECT = Duration.ofMinutes(1);
    private static final long STOP_SECONDS_MAX = 20;

    private final String name;
    private final Step step;
    private final Semaphore alarm = new Semaphore(0);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stopping;

    /** One piece of work; answers how long to pause before the next. */
    @FunctionalInterface
    interface Step {
        Duration take(Worker worker) throws InterruptedException;
    }

    private Worker(String name, Step step) {
        this.name = name;
        this.step = step;
    }

    static Worker start(String name, Step step) {
        Worker worker = new Worker(name, step);
        Thread.ofPlatform().name("cairn-" + name).daemon(true).start(worker::run);
        return worker;
    }

    /** Ends the present pause. */
    void wake() {
        if (alarm.availablePermits() == 0) {
            alarm.release();
        }
    }

    boolean stopping() {
        return stopping;
    }

    private void run() {
        try {
            while (!stopping) {
                Duration pause = takeStep();
                if (alarm.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    alarm.drainPermits();
                }
            }
        } catch (InterruptedException ended) {
            LOG.debug("worker {} was interrupted", name);
        } finally {
            stopped.countDown();
        }
    }

    private Duration takeStep() throws InterruptedException {
        try {
            return step.take(this);
        } catch (StorageFault fault) {
            LOG.warn("{}: {}; trying again in {} s", name, fault.getMessage(), PAUSE_AFTER_FAULT.toSeconds());
            return PAUSE_AFTER_FAULT;
        } catch (RuntimeException defect) {
            // Each step reads anew what it works on, and stopping for good would leave deletes and repairs undone.
            LOG.error("{}: a defect; trying again in {} s", name, PAUSE_AFTER_DEFECT.toSeconds(), defect);
            return PAUSE_AFTER_DEFECT;
        }
    }

    /** Asks the loop to stop after its present step and waits for it, for a bounded time. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            if (!stopped.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("worker {} did not stop within {} s", name, STOP_SECONDS_MAX);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

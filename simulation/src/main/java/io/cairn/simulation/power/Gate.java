package io.cairn.simulation.power;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What every operation on a disk passes: open, frozen when the power is cut, and failing after that. Thread-safe. */
final class Gate {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final CountDownLatch failing = new CountDownLatch(1);
    private boolean frozen;

    /** An operation on the disk. */
    @FunctionalInterface
    interface Operation {
        int run();
    }

    /** Runs the operation as a whole before the freeze, or returns {@code error} after it. */
    int pass(int error, Operation operation) {
        lock.readLock().lock();
        try {
            if (!frozen) {
                return operation.run();
            }
        } finally {
            lock.readLock().unlock();
        }
        awaitFailure();
        return error;
    }

    private void awaitFailure() {
        try {
            failing.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the operations that run, and lets no other one begin. */
    void freeze() {
        lock.writeLock().lock();
        frozen = true;
        lock.writeLock().unlock();
    }

    void fail() {
        freeze();
        failing.countDown();
    }
}

package io.cairn.volumes;

import io.cairn.volumes.spec.VolumeId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One lock per volume: an operation has its volume for itself. Safe for many threads. */
final class Locks {
    private final Map<VolumeId, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Runs the work with the volume's lock; empty when it could not be had in time. */
    <T> Optional<T> within(Duration wait, VolumeId id, Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(id, _ -> new ReentrantLock());
        try {
            if (!lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the lock of a volume that is gone; ids are never used twice. */
    void forget(VolumeId id) {
        locks.remove(id);
    }
}

package io.cairn.engine;

import io.cairn.model.UnavailableFault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory for content on its way to the drives: a budget of bytes that every buffer is taken from, and a pool of the
 * arrays themselves. Under pressure new uploads are given small stripes, so that many slow clients cannot use it up.
 * Thread-safe; {@link #take} blocks fairly.
 */
final class StripeBuffers {
    /** The stripe length of uploads that begin while half of the memory is taken. */
    static final int SMALL_STRIPE_BYTES = 128 << 10;

    private static final int POOLED_BYTES_MIN = 32 << 10;

    private final Semaphore budget;
    private final long capacity;
    private final int stripeBytes;
    private final Duration wait;
    private final ArrayDeque<byte[]> largeFree = new ArrayDeque<>();
    private final ArrayDeque<byte[]> smallFree = new ArrayDeque<>();

    StripeBuffers(EngineOptions options) {
        capacity = options.uploadMemory().bytes();
        budget = new Semaphore(Math.toIntExact(capacity >> 10), true);
        stripeBytes = options.stripeBytes();
        wait = options.memoryWait();
    }

    /** Whether so many bytes are free at this moment. */
    boolean roomFor(int bytes) {
        return budget.availablePermits() >= permits(bytes);
    }

    /** The stripe length that a new large blob should use now. */
    int stripeBytesNow() {
        return budget.availablePermits() < (capacity >> 10) / 2 ? SMALL_STRIPE_BYTES : stripeBytes;
    }

    /**
     * An array of at least {@code bytes} bytes, with arbitrary content.
     *
     * @throws UnavailableFault when no memory came free in time; the client should slow down
     */
    byte[] take(int bytes) {
        return take(bytes, 0);
    }

    /**
     * As {@link #take}, together with the budget for {@code more} bytes that the caller will make of the content; both
     * at once, so that nobody waits for the second while holding the first. {@link #release} gives those back.
     */
    byte[] take(int bytes, int more) {
        int size = sizeClass(bytes);
        try {
            if (!budget.tryAcquire(permits(size) + spare(more), wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new UnavailableFault(
                        "no upload memory came free within " + wait.toSeconds() + " s of waiting for " + (size + more)
                                + " of " + capacity + " bytes; fewer uploads at once will go faster");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableFault("interrupted while waiting for upload memory", interrupted);
        }
        byte[] pooled = pollFree(size);
        return pooled != null ? pooled : new byte[size];
    }

    /** Gives an array back; its content must not be used any more. */
    void give(byte[] buffer) {
        synchronized (this) {
            if (buffer.length == stripeBytes) {
                largeFree.push(buffer);
            } else if (buffer.length == SMALL_STRIPE_BYTES) {
                smallFree.push(buffer);
            }
        }
        budget.release(permits(buffer.length));
    }

    /**
     * Gives back the budget of an array that somebody else may still be reading; the array itself goes to the
     * collector.
     */
    void forfeit(byte[] buffer) {
        budget.release(permits(buffer.length));
    }

    /** Gives back the budget for bytes beside a buffer. */
    void release(int more) {
        budget.release(spare(more));
    }

    private static int spare(int more) {
        return more == 0 ? 0 : permits(more);
    }

    long takenBytes() {
        return capacity - ((long) budget.availablePermits() << 10);
    }

    private int sizeClass(int bytes) {
        if (bytes > SMALL_STRIPE_BYTES) {
            return Math.max(bytes, stripeBytes);
        }
        return bytes > POOLED_BYTES_MIN ? SMALL_STRIPE_BYTES : bytes;
    }

    private static int permits(int bytes) {
        return Math.max(1, bytes + 1023 >> 10);
    }

    private synchronized byte @org.jspecify.annotations.Nullable [] pollFree(int size) {
        if (size == stripeBytes) {
            return largeFree.poll();
        }
        return size == SMALL_STRIPE_BYTES ? smallFree.poll() : null;
    }
}

package io.cairn.http;

import io.cairn.base.Clock;
import io.cairn.http.ExchangeFault.Kind;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a connection has received and nobody has consumed. The event loop appends; the consumer is the event
 * loop between requests and the handler's thread during one. The socket is read while less than the read-ahead limit is
 * held, so the handler rarely waits and memory stays bounded. Queue and flags are guarded by the monitor.
 */
final class Inbox {
    private static final int OVERFULL = 4;

    private final Clock clock;
    private final HttpLimits limits;
    private final Counters counters;
    private final Runnable resume;
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(2);

    /** The buffer being consumed; belongs to the consumer alone. */
    private @Nullable ByteBuf current;

    private int heldBytes;
    private int queuedBytes;
    private boolean paused;
    private boolean ended;
    private @Nullable ExchangeFault fault;
    private @Nullable Thread reader;
    private long waitingSinceNanos;

    /** {@code resume} makes the event loop read the socket again; it is called from the handler's thread. */
    Inbox(Clock clock, HttpLimits limits, Counters counters, Runnable resume) {
        this.clock = clock;
        this.limits = limits;
        this.counters = counters;
        this.resume = resume;
    }

    /** Takes over a buffer; small ones are copied into the room behind the one before. */
    synchronized void append(ByteBuf buffer) {
        int bytes = buffer.readableBytes();
        queuedBytes += bytes;
        if (reader != null) {
            waitingSinceNanos = clock.nanos();
        }
        ByteBuf last = queue.peekLast();
        if (last != null && last.writableBytes() >= bytes) {
            last.writeBytes(buffer);
            buffer.release();
            return;
        }
        queue.add(buffer);
        heldBytes += buffer.capacity();
        counters.readAhead.addAndGet(buffer.capacity());
    }

    /** Wakes the reader if there is something for it, and decides whether the socket is read on. */
    synchronized boolean readOn() {
        if (queuedBytes > 0) {
            wake();
        }
        paused = !mayRead();
        return !paused;
    }

    /**
     * Whether far more is held than was asked for while memory is short. Netty reads a half-closed socket to its end
     * without being asked, at most what the kernel has buffered for it.
     */
    synchronized boolean overfull() {
        return heldBytes > OVERFULL * limits.readAheadBytes()
                && counters.readAhead.get() > limits.readAheadTotalBytes();
    }

    private boolean mayRead() {
        if (ended) {
            return false;
        }
        boolean starving = reader != null && queue.isEmpty();
        return starving
                || heldBytes < limits.readAheadBytes() && counters.readAhead.get() < limits.readAheadTotalBytes();
    }

    private void wake() {
        Thread waiting = reader;
        reader = null;
        LockSupport.unpark(waiting);
    }

    /** No more bytes will come. */
    synchronized void end() {
        ended = true;
        wake();
    }

    /** The reader gets this fault once it has consumed what is queued. */
    synchronized void fail(ExchangeFault cause) {
        if (fault == null) {
            fault = cause;
        }
        wake();
    }

    synchronized boolean ended() {
        return ended;
    }

    /** Whether a reader has waited longer than that for a first byte. */
    synchronized boolean starvedFor(long nowNanos, long limitNanos) {
        return reader != null && nowNanos - waitingSinceNanos > limitNanos;
    }

    /**
     * A buffer with at least one byte, to be read in place; null at the end of the connection's input. Blocks until
     * there is one.
     */
    @Nullable
    ByteBuf fill() {
        ByteBuf buffer = takeReady();
        while (buffer == null) {
            if (!register()) {
                return takeReady();
            }
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw interrupted();
            }
            buffer = takeReady();
        }
        return buffer;
    }

    /** As {@link #fill}, but null also when nothing has arrived. */
    @Nullable
    ByteBuf takeReady() {
        ByteBuf buffer = current;
        if (buffer != null) {
            if (buffer.isReadable()) {
                return buffer;
            }
            buffer.release();
        }
        boolean nudge;
        synchronized (this) {
            buffer = queue.poll();
            if (buffer != null) {
                forget(buffer);
            }
            nudge = nudge();
        }
        current = buffer;
        if (nudge) {
            resume.run();
        }
        return buffer;
    }

    private void forget(ByteBuf buffer) {
        heldBytes -= buffer.capacity();
        queuedBytes -= buffer.readableBytes();
        counters.readAhead.addAndGet(-buffer.capacity());
    }

    private boolean nudge() {
        boolean nudge = paused && mayRead();
        paused &= !nudge;
        return nudge;
    }

    /** Makes the caller the waiting reader; false when there is something to take, or nothing will come. */
    private boolean register() {
        boolean nudge;
        synchronized (this) {
            if (!queue.isEmpty()) {
                return false;
            }
            if (fault != null) {
                throw fault;
            }
            if (ended) {
                return false;
            }
            reader = Thread.currentThread();
            waitingSinceNanos = clock.nanos();
            nudge = nudge();
        }
        if (nudge) {
            resume.run();
        }
        return true;
    }

    private synchronized ExchangeFault interrupted() {
        reader = null;
        return new ExchangeFault(Kind.INTERRUPTED, "interrupted while waiting for the request's body");
    }

    /** Copies what is there from its start, without consuming it; returns how many bytes. Event loop only. */
    synchronized int peek(byte[] target) {
        int count = 0;
        if (current != null) {
            count = peek(current, target, 0);
        }
        for (ByteBuf buffer : queue) {
            count += peek(buffer, target, count);
        }
        return count;
    }

    private static int peek(ByteBuf buffer, byte[] target, int offset) {
        int count = Math.min(buffer.readableBytes(), target.length - offset);
        buffer.getBytes(buffer.readerIndex(), target, offset, count);
        return count;
    }

    /** Consumes bytes that were peeked at. Event loop only. */
    void skip(int count) {
        int left = count;
        while (left > 0) {
            ByteBuf buffer = takeReady();
            if (buffer == null) {
                throw new IllegalStateException("skipped more than there was");
            }
            int bytes = Math.min(left, buffer.readableBytes());
            buffer.skipBytes(bytes);
            left -= bytes;
        }
        releaseEmpty();
    }

    /** Gives an emptied buffer back, so that an idle connection holds none. Consumer only. */
    void releaseEmpty() {
        if (current != null && !current.isReadable()) {
            current.release();
            current = null;
        }
    }

    /** Drops everything. Only when no handler's thread can be reading. */
    synchronized void discard() {
        if (current != null) {
            current.release();
            current = null;
        }
        for (ByteBuf buffer = queue.poll(); buffer != null; buffer = queue.poll()) {
            forget(buffer);
            buffer.release();
        }
    }
}

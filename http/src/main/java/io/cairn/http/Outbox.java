package io.cairn.http;

import io.cairn.http.ExchangeFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a connection: a handler's thread writes and blocks while too much is unsent; the event loop wakes it.
 * Methods for the event loop say so; the others are the handler's thread's.
 */
final class Outbox {
    private final Channel channel;
    private final ServerContext server;
    private volatile @Nullable Thread writer;
    private volatile @Nullable ExchangeFault fault;

    private long stallPending;
    private long stallProgress;
    private long stallSinceNanos;

    Outbox(Channel channel, ServerContext server) {
        this.channel = channel;
        this.server = server;
    }

    /** Takes over the buffer; blocks first while the client is behind. */
    void write(ByteBuf buffer) {
        try {
            awaitRoom();
        } catch (ExchangeFault gone) {
            buffer.release();
            throw gone;
        }
        writeNow(buffer);
    }

    /** Takes over the buffer and does not block. For any thread. */
    void writeNow(ByteBuf buffer) {
        server.counters.bytesOut.add(buffer.readableBytes());
        channel.writeAndFlush(buffer, channel.voidPromise());
    }

    /** Hands memory to the socket and returns when the kernel has taken it. */
    void writeThrough(ByteBuffer source) {
        awaitRoom();
        server.counters.bytesOut.add(source.remaining());
        ChannelFuture done = channel.writeAndFlush(Unpooled.wrappedBuffer(source));
        Thread self = Thread.currentThread();
        done.addListener(_ -> LockSupport.unpark(self));
        boolean interrupted = false;
        while (!done.isDone()) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                // The memory is the caller's again only when the socket has let go of it.
                interrupted = true;
                channel.close();
            }
        }
        if (interrupted) {
            throw new ExchangeFault(Kind.INTERRUPTED, "interrupted while waiting for the client to read");
        }
        if (!done.isSuccess()) {
            throw gone();
        }
    }

    private void awaitRoom() {
        while (!channel.isWritable() || fault != null) {
            if (fault != null || !channel.isActive()) {
                throw gone();
            }
            writer = Thread.currentThread();
            if (!channel.isWritable() && channel.isActive() && fault == null) {
                LockSupport.park(this);
            }
            writer = null;
            if (Thread.interrupted()) {
                throw new ExchangeFault(Kind.INTERRUPTED, "interrupted while waiting for the client to read");
            }
        }
    }

    private ExchangeFault gone() {
        ExchangeFault cause = fault;
        return cause != null ? cause : new ExchangeFault(Kind.CLIENT_GONE, "the client closed the connection");
    }

    /** There is room again. Event loop. */
    void wake() {
        Thread waiting = writer;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Nothing more can be written. Event loop. */
    void fail(ExchangeFault cause) {
        if (fault == null) {
            fault = cause;
        }
        wake();
    }

    /** Whether bytes wait and none has moved for that long. Event loop. */
    boolean stalled(ChannelOutboundBuffer pending, long nowNanos, long limitNanos) {
        long bytes = pending.totalPendingWriteBytes();
        long progress = pending.currentProgress();
        if (bytes == 0 || bytes != stallPending || progress != stallProgress) {
            stallPending = bytes;
            stallProgress = progress;
            stallSinceNanos = nowNanos;
            return false;
        }
        return nowNanos - stallSinceNanos > limitNanos;
    }
}

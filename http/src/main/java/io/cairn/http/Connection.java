package io.cairn.http;

import io.cairn.http.ExchangeFault.Kind;
import io.cairn.http.HeadWriter.Persistence;
import io.cairn.http.ProtocolError.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: reads heads, starts one virtual thread per request, and moves to the next request when that
 * one has ended. Belongs to its event loop, but for the methods that say otherwise.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private enum Phase {
        /** Waiting for the first byte of a request. */
        IDLE,
        /** Part of a head is here. */
        HEAD,
        /** A handler runs. */
        RUNNING,
        /** The client must take what is written before its next request is looked at. */
        FLUSHING,
        /** The response is out and the output shut; the client may still be sending. */
        LINGERING,
        CLOSED
    }

    final ServerContext server;
    final Channel channel;

    /** The index in the loop's list. */
    int place;

    private final Loop loop;
    private final Inbox inbox;
    private final Outbox outbox;
    private Phase phase = Phase.IDLE;
    private long phaseSinceNanos;
    private int headScanned;

    /** When the rest of an unread body must be here; null while nothing is being drained. */
    private volatile @Nullable Long drainDeadlineNanos;

    Connection(ServerContext server, Loop loop, Channel channel) {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        outbox = new Outbox(channel, server);
        inbox = new Inbox(server.clock, server.options.limits(), server.counters, this::readSoon);
        phaseSinceNanos = server.clock.nanos();
    }

    Outbox outbox() {
        return outbox;
    }

    boolean secure() {
        return server.options.tls() != null;
    }

    SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        loop.add(this);
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        server.counters.bytesIn.add(buffer.readableBytes());
        if (phase == Phase.LINGERING || phase == Phase.CLOSED || !buffer.isReadable()) {
            buffer.release();
            return;
        }
        inbox.append(buffer);
        if (inbox.overfull()) {
            reset();
            return;
        }
        if (phase == Phase.IDLE || phase == Phase.HEAD) {
            advance();
        }
    }

    private boolean readOn() {
        boolean wanted = inbox.readOn();
        if (inbox.ended()) {
            return false;
        }
        return wanted || phase == Phase.IDLE || phase == Phase.HEAD || phase == Phase.LINGERING;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (readOn()) {
            context.read();
        }
    }

    /** Asks for more bytes; called from the handler's thread. */
    private void readSoon() {
        channel.read();
    }

    /** Bounds the reading of an unread rest; null ends the bound. For the handler's thread. */
    void drainBy(@Nullable Duration limit) {
        drainDeadlineNanos = limit == null ? null : Long.valueOf(server.clock.nanos() + limit.toNanos());
    }

    /** Looks for a whole head in what has arrived, and starts its request. */
    private void advance() {
        byte[] bytes = loop.scratch;
        int count = inbox.peek(bytes);
        while (count >= 2 && bytes[0] == '\r' && bytes[1] == '\n') {
            inbox.skip(2);
            count = inbox.peek(bytes);
        }
        if (count == 0 || count == 1 && bytes[0] == '\r') {
            idle();
            return;
        }
        int length = loop.parser.length(bytes, count, headScanned);
        if (length == 0) {
            headScanned = loop.parser.resume();
            incomplete(loop.parser.hopeless(bytes, count));
            return;
        }
        headScanned = 0;
        switch (loop.parser.parse(bytes, length)) {
            case ProtocolError error -> refuse(error);
            case RequestHead head -> {
                inbox.skip(length);
                start(head);
            }
        }
    }

    private void idle() {
        if (inbox.ended() || server.draining()) {
            channel.close();
        } else {
            enter(Phase.IDLE);
        }
    }

    private void incomplete(@Nullable ProtocolError error) {
        if (error != null) {
            refuse(error);
        } else if (inbox.ended()) {
            channel.close();
        } else if (server.counters.readAhead.get() > server.options.limits().readAheadTotalBytes()
                && phase == Phase.HEAD) {
            refuse(new ProtocolError(503, Reason.OVERLOADED, "The server has no memory to spare for this request."));
        } else {
            enter(Phase.HEAD);
        }
    }

    private void enter(Phase next) {
        if (phase != next) {
            phase = next;
            phaseSinceNanos = server.clock.nanos();
        }
    }

    private void start(RequestHead head) {
        enter(Phase.RUNNING);
        server.counters.running.incrementAndGet();
        server.counters.requests.increment();
        LiveExchange exchange = new LiveExchange(this, head, FramedBody.of(head, inbox));
        server.threads.newThread(exchange).start();
    }

    /** The exchange is over: its response is handed to the channel and its handler has returned. */
    void ended(boolean close) {
        server.counters.running.decrementAndGet();
        if (!channel.isActive()) {
            inbox.discard();
            enter(Phase.CLOSED);
        } else if (close) {
            closeGently();
        } else {
            continueWithNext();
        }
    }

    private void continueWithNext() {
        if (!channel.isWritable()) {
            enter(Phase.FLUSHING);
            return;
        }
        enter(Phase.IDLE);
        phaseSinceNanos = server.clock.nanos();
        advance();
        if (readOn()) {
            channel.read();
        }
    }

    /** Answers a request that cannot be served, and ends the connection. */
    void refuse(ProtocolError error) {
        server.counters.protocolErrors.increment();
        ProtocolErrorRenderer.Rendered rendered = server.options.errors().render(error);
        HeadWriter head = server.head(error.status(), rendered.headers(), rendered.content().length, Persistence.CLOSE);
        ByteBuf buffer = channel.alloc().buffer(head.count() + rendered.content().length);
        buffer.writeBytes(head.bytes(), 0, head.count()).writeBytes(rendered.content());
        outbox.writeNow(buffer);
        closeGently();
    }

    /**
     * Ends the connection so that the client can still read the response: the output is shut once it is flushed, and
     * what the client keeps sending is read and dropped for a while, for unread bytes would turn the close into a
     * reset.
     */
    private void closeGently() {
        enter(Phase.LINGERING);
        inbox.discard();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutOutput());
        if (!inbox.ended()) {
            channel.read();
        }
    }

    private void shutOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (inbox.ended() || !channel.isActive()) {
            channel.close();
        } else if (tls != null) {
            tls.closeOutbound().addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
    }

    /** Closes with a reset, so that the client cannot mistake the end of the connection for the end of the response. */
    void reset() {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    /** Runs a task on the event loop; false when the server is gone. For any thread. */
    boolean execute(Runnable task) {
        try {
            channel.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException gone) {
            return false;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            outbox.wake();
            if (phase == Phase.FLUSHING) {
                continueWithNext();
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inbox.end();
            if (phase == Phase.IDLE || phase == Phase.HEAD) {
                advance();
            } else if (phase == Phase.LINGERING) {
                channel.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.remove(this);
        inbox.end();
        outbox.fail(new ExchangeFault(Kind.CLIENT_GONE, "the client closed the connection"));
        if (phase != Phase.RUNNING) {
            inbox.discard();
            enter(Phase.CLOSED);
        }
        server.counters.connections.decrementAndGet();
    }

    /** A broken socket or a failed handshake; the client's affair, and not worth a line in the log. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close();
    }

    void closeIfIdle() {
        if (phase == Phase.IDLE) {
            channel.close();
        }
    }

    void sweep(long now) {
        HttpTimeouts timeouts = server.options.timeouts();
        long age = now - phaseSinceNanos;
        switch (phase) {
            case IDLE -> {
                if (age > timeouts.keepAliveIdle().toNanos()) {
                    server.counters.timeouts.increment();
                    channel.close();
                }
            }
            case HEAD -> {
                if (age > timeouts.headerRead().toNanos()) {
                    server.counters.timeouts.increment();
                    refuse(new ProtocolError(
                            408, Reason.REQUEST_TIMEOUT, "The request's head did not arrive in time."));
                }
            }
            case RUNNING -> {
                Long drainDeadline = drainDeadlineNanos;
                if (drainDeadline != null && now - drainDeadline > 0) {
                    inbox.fail(new ExchangeFault(Kind.BODY_STALLED, "the rest of the request's body is too slow"));
                }
                if (inbox.starvedFor(now, timeouts.bodyStall().toNanos())) {
                    server.counters.timeouts.increment();
                    inbox.fail(new ExchangeFault(Kind.BODY_STALLED, "the request's body stopped arriving"));
                }
                checkWriteStall(now, timeouts);
            }
            case FLUSHING -> checkWriteStall(now, timeouts);
            case LINGERING -> {
                if (age > timeouts.linger().toNanos()) {
                    reset();
                }
            }
            case CLOSED -> {}
        }
    }

    private void checkWriteStall(long now, HttpTimeouts timeouts) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending != null
                && outbox.stalled(pending, now, timeouts.writeStall().toNanos())) {
            server.counters.timeouts.increment();
            outbox.fail(new ExchangeFault(Kind.RESPONSE_STALLED, "the client stopped reading the response"));
            reset();
        }
    }
}

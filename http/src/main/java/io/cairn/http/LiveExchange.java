package io.cairn.http;

import io.cairn.base.Checks;
import io.cairn.http.HeadWriter.Persistence;
import io.cairn.http.ProtocolError.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange on a connection, and the root of its virtual thread. Used by that thread, but for {@link #oneEndLess}.
 */
final class LiveExchange implements Exchange, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveExchange.class);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final RequestHead head;
    private final FramedBody body;

    /** The handler's return and the response's last byte; the later of them ends the exchange. */
    private final AtomicInteger openEnds = new AtomicInteger(2);

    private @Nullable ResponseStream stream;
    private boolean begun;
    private boolean responseEnded;
    private volatile boolean close;

    LiveExchange(Connection connection, RequestHead head, FramedBody body) {
        this.connection = connection;
        this.head = head;
        this.body = body;
        if (head.expectContinue() && head.contentLength() != 0) {
            body.beforeFirstRead(() -> connection.outbox().write(Unpooled.wrappedBuffer(CONTINUE)));
        }
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String target() {
        return head.target();
    }

    @Override
    public HeaderList headers() {
        return head.headers();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public boolean secure() {
        return connection.secure();
    }

    @Override
    public boolean connected() {
        return connection.channel.isActive();
    }

    @Override
    public RequestBody body() {
        return body;
    }

    @Override
    public void closeAfterResponse() {
        close = true;
    }

    @Override
    public void send(int status, HeaderList headers, byte[] content) {
        begin();
        HeadWriter writer = connection.server.head(status, headers, announced(status, content.length), persistence());
        int contentBytes = bodyless(status) ? 0 : content.length;
        ByteBuf buffer = connection.channel.alloc().directBuffer(writer.count() + contentBytes);
        buffer.writeBytes(writer.bytes(), 0, writer.count()).writeBytes(content, 0, contentBytes);
        writeLast(buffer);
    }

    @Override
    public ResponseBody open(int status, HeaderList headers, long length) {
        Checks.check(length >= 0, "a length, got %s", length);
        begin();
        HeadWriter writer = connection.server.head(status, headers, announced(status, length), persistence());
        return stream(new ResponseStream(this, writer, bodyless(status), length));
    }

    @Override
    public ResponseBody openChunked(int status, HeaderList headers) {
        begin();
        close |= !head.http11();
        long framing = bodyless(status) || !head.http11() ? HeadWriter.NO_LENGTH : HeadWriter.CHUNKED;
        HeadWriter writer = connection.server.head(status, headers, framing, persistence());
        return stream(new ResponseStream(this, writer, bodyless(status), framing));
    }

    private ResponseBody stream(ResponseStream opened) {
        stream = opened;
        return opened;
    }

    private void begin() {
        Checks.check(!begun, "one response per exchange");
        begun = true;
        if (head.expectContinue() && head.contentLength() == 0) {
            // Nobody waits for it; but after an answer without it botocore misreads the next one on the connection.
            connection.outbox().writeNow(Unpooled.wrappedBuffer(CONTINUE));
        }
        boolean rest = !body.finished();
        close |= !head.keepAlive() || connection.server.draining();
        close |= rest
                && (body.unsolicited()
                        || !body.restWithin(connection.server.options.limits().drainBytes()));
        body.forgetContinue();
    }

    private Persistence persistence() {
        if (close) {
            return Persistence.CLOSE;
        }
        return head.http11() ? Persistence.IMPLIED : Persistence.STATED;
    }

    private boolean bodyless(int status) {
        return head.isHead() || status == 204 || status == 304;
    }

    /** A 204 must not announce a length (RFC 9110 §8.6). */
    private static long announced(int status, long length) {
        return status == 204 || status == 304 && length == 0 ? HeadWriter.NO_LENGTH : length;
    }

    Connection connection() {
        return connection;
    }

    /** Writes the response's last bytes. */
    void writeLast(ByteBuf buffer) {
        responseEnded = true;
        connection.server.counters.bytesOut.add(buffer.readableBytes());
        boolean accepted = connection.execute(() -> {
            connection.channel.writeAndFlush(buffer, connection.channel.voidPromise());
            oneEndLess();
        });
        if (!accepted) {
            buffer.release();
        }
    }

    @Override
    public void abort() {
        begun = true;
        close = true;
        if (!responseEnded) {
            responseEnded = true;
            boolean _ = connection.execute(() -> {
                connection.reset();
                oneEndLess();
            });
        }
    }

    private void oneEndLess() {
        if (openEnds.decrementAndGet() == 0) {
            connection.ended(close);
        }
    }

    @Override
    public void run() {
        try {
            connection.server.handler.handle(this);
            if (!begun) {
                LOG.error("a handler returned without a response to a {} request", head.method());
                refuse(internal());
            }
        } catch (ExchangeFault fault) {
            answer(fault);
        } catch (Throwable failure) {
            LOG.error("a handler failed on a {} request", head.method(), failure);
            answer(internal());
        } finally {
            finish();
        }
    }

    private static ProtocolError internal() {
        return new ProtocolError(500, Reason.INTERNAL, "The server failed to handle this request.");
    }

    private void answer(ExchangeFault fault) {
        switch (fault.kind()) {
            case BODY_TRUNCATED ->
                answer(new ProtocolError(400, Reason.BODY_TRUNCATED, "The request's body ended too early."));
            case BODY_STALLED ->
                answer(new ProtocolError(408, Reason.REQUEST_TIMEOUT, "The request's body stopped arriving."));
            case BODY_MALFORMED ->
                answer(new ProtocolError(400, Reason.BODY_MALFORMED, "The request's chunked body is malformed."));
            case RESPONSE_STALLED, CLIENT_GONE, INTERRUPTED -> abort();
        }
    }

    private void answer(ProtocolError error) {
        if (begun) {
            abort();
        } else {
            refuse(error);
        }
    }

    private void refuse(ProtocolError error) {
        connection.server.counters.protocolErrors.increment();
        close = true;
        ProtocolErrorRenderer.Rendered rendered =
                connection.server.options.errors().render(error);
        send(error.status(), rendered.headers(), rendered.content());
    }

    private void finish() {
        if (stream != null) {
            stream.abandon();
        }
        if (!responseEnded) {
            abort();
        }
        if (!close && !body.finished()) {
            drain();
        }
        if (openEnds.decrementAndGet() == 0) {
            boolean _ = connection.execute(() -> connection.ended(close));
        }
    }

    private void drain() {
        try {
            connection.drainBy(connection.server.options.timeouts().drain());
            close = !body.drain(connection.server.options.limits().drainBytes());
        } catch (ExchangeFault rest) {
            close = true;
        } finally {
            connection.drainBy(null);
        }
    }
}

package io.cairn.http;

import io.cairn.http.ExchangeFault.Kind;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A request body that knows where it ends within the connection's bytes. Used by the handler's thread. */
abstract sealed class FramedBody implements RequestBody permits FixedBody, ChunkedBody {
    private static final int DISCARD_BYTES = 8 << 10;

    final Inbox inbox;
    private @Nullable Runnable sendContinue;

    FramedBody(Inbox inbox) {
        this.inbox = inbox;
    }

    static FramedBody of(RequestHead head, Inbox inbox) {
        return head.chunked() ? new ChunkedBody(inbox) : new FixedBody(inbox, head.contentLength());
    }

    /** What the first read does before it waits for bytes. */
    final void beforeFirstRead(Runnable action) {
        sendContinue = action;
    }

    /** The response has begun: the client must not be told to go on any more. */
    final void forgetContinue() {
        sendContinue = null;
    }

    /** Whether the client still waits for leave to send the body. */
    final boolean unsolicited() {
        return sendContinue != null;
    }

    @Override
    public final int read(byte[] target, int offset, int length) {
        if (finished()) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        if (sendContinue != null) {
            Runnable action = sendContinue;
            sendContinue = null;
            action.run();
        }
        return readFramed(target, offset, length);
    }

    /** Reads at least one byte, or returns -1 when the end turns out to have been reached. */
    abstract int readFramed(byte[] target, int offset, int length);

    /** Whether the end has been consumed. */
    abstract boolean finished();

    /** Whether the unread rest is known to be at most that long. */
    abstract boolean restWithin(long bytes);

    final ByteBuf next() {
        ByteBuf buffer = inbox.fill();
        if (buffer == null) {
            throw new ExchangeFault(Kind.BODY_TRUNCATED, "the connection ended before the request's body");
        }
        return buffer;
    }

    /** Reads and drops the rest, at most that many bytes; true when the end was reached. */
    final boolean drain(long bytesMax) {
        byte[] sink = new byte[DISCARD_BYTES];
        long left = bytesMax;
        while (!finished() && left >= 0) {
            left -= Math.max(0, readFramed(sink, 0, sink.length));
        }
        return finished();
    }
}

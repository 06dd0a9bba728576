package io.cairn.http;

import io.cairn.http.ExchangeFault.Kind;
import io.netty.buffer.ByteBuf;
import java.util.OptionalLong;

/**
 * A body in chunks (RFC 9112 §7.1). Chunk extensions and trailer fields are read, bounded and dropped; broken framing
 * is a {@link Kind#BODY_MALFORMED} fault, for good. Used by the handler's thread.
 */
final class ChunkedBody extends FramedBody {
    private static final int SIZE_DIGITS_MAX = 15;
    private static final int EXTENSION_BYTES_MAX = 512;
    private static final int TRAILER_BYTES_MAX = 8 << 10;

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        DONE,
        BROKEN
    }

    private State state = State.SIZE;
    private long left;

    ChunkedBody(Inbox inbox) {
        super(inbox);
    }

    @Override
    public OptionalLong contentLength() {
        return OptionalLong.empty();
    }

    @Override
    boolean finished() {
        return state == State.DONE;
    }

    @Override
    boolean restWithin(long bytes) {
        return finished();
    }

    @Override
    int readFramed(byte[] target, int offset, int length) {
        if (state == State.BROKEN) {
            throw broken("the framing was already found broken");
        }
        if (state == State.DATA_END) {
            expectLineEnd();
            state = State.SIZE;
        }
        if (state == State.SIZE) {
            left = size();
            state = State.DATA;
            if (left == 0) {
                trailer();
                state = State.DONE;
                inbox.releaseEmpty();
                return -1;
            }
        }
        return data(target, offset, length);
    }

    private int data(byte[] target, int offset, int length) {
        int most = (int) Math.min(length, left);
        ByteBuf buffer = next();
        int count = Math.min(most, buffer.readableBytes());
        buffer.readBytes(target, offset, count);
        left -= count;
        if (left == 0) {
            state = State.DATA_END;
        }
        return count;
    }

    private long size() {
        long size = 0;
        int digits = 0;
        int c = octet();
        for (int digit = Octets.hex(c); digit >= 0; digit = Octets.hex(c)) {
            size = size << 4 | digit;
            if (++digits > SIZE_DIGITS_MAX) {
                throw broken("a chunk size has too many digits");
            }
            c = octet();
        }
        if (digits == 0) {
            throw broken("a chunk has no size");
        }
        for (int i = 0; c == ';' || i > 0 && c != '\r'; i++) {
            if (i == EXTENSION_BYTES_MAX || !Octets.value((byte) c)) {
                throw broken("a chunk extension is too long or holds a control character");
            }
            c = octet();
        }
        if (c != '\r' || octet() != '\n') {
            throw broken("a chunk size does not end in CR LF");
        }
        return size;
    }

    private void expectLineEnd() {
        if (octet() != '\r' || octet() != '\n') {
            throw broken("a chunk is longer than its size");
        }
    }

    /** Reads lines up to an empty one. */
    private void trailer() {
        int lineBytes = 0;
        for (int total = 0; total < TRAILER_BYTES_MAX; total++) {
            int c = octet();
            if (c == '\r') {
                if (octet() != '\n') {
                    throw broken("a trailer line does not end in CR LF");
                }
                if (lineBytes == 0) {
                    return;
                }
                lineBytes = 0;
            } else if (Octets.value((byte) c)) {
                lineBytes++;
            } else {
                throw broken("a trailer holds a control character");
            }
        }
        throw broken("the trailer is too long");
    }

    private int octet() {
        return next().readUnsignedByte();
    }

    private ExchangeFault broken(String detail) {
        state = State.BROKEN;
        return new ExchangeFault(Kind.BODY_MALFORMED, "malformed chunked body: " + detail);
    }
}

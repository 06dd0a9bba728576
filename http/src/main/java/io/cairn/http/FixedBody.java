package io.cairn.http;

import io.netty.buffer.ByteBuf;
import java.util.OptionalLong;

/** A body of announced length. Used by the handler's thread. */
final class FixedBody extends FramedBody {
    private final long length;
    private long left;

    FixedBody(Inbox inbox, long length) {
        super(inbox);
        this.length = length;
        left = length;
    }

    @Override
    public OptionalLong contentLength() {
        return OptionalLong.of(length);
    }

    @Override
    boolean finished() {
        return left == 0;
    }

    @Override
    boolean restWithin(long bytes) {
        return left <= bytes;
    }

    @Override
    int readFramed(byte[] target, int offset, int wanted) {
        int most = (int) Math.min(wanted, left);
        ByteBuf buffer = next();
        int total = 0;
        while (buffer != null && total < most) {
            int count = Math.min(buffer.readableBytes(), most - total);
            buffer.readBytes(target, offset + total, count);
            total += count;
            buffer = total < most ? inbox.takeReady() : null;
        }
        left -= total;
        if (left == 0) {
            inbox.releaseEmpty();
        }
        return total;
    }
}

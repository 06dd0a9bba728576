package io.cairn.http;

import io.cairn.base.Checks;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A response body being written: gathers bytes behind the head in one buffer and hands full buffers to the connection.
 * A chunk's size is written in front of its bytes when the buffer leaves, as eight hexadecimal digits. Used by the
 * handler's thread.
 */
final class ResponseStream implements ResponseBody {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int DIRECT_BYTES_MIN = 16 << 10;
    private static final int CHUNK_SIZE_BYTES = 10;
    private static final int CHUNK_END_BYTES = 7;

    private final LiveExchange exchange;
    private final Outbox outbox;
    private final boolean bodyless;
    private final long length;
    private long written;
    private boolean closed;
    private @Nullable ByteBuf buffer;

    /** Where the open chunk's size goes, or -1. */
    private int chunkAt = -1;

    ResponseStream(LiveExchange exchange, HeadWriter head, boolean bodyless, long length) {
        this.exchange = exchange;
        this.outbox = exchange.connection().outbox();
        this.bodyless = bodyless;
        this.length = length;
        long room = bodyless ? 0 : length >= 0 ? length : BUFFER_BYTES;
        int capacity = (int) Math.min(BUFFER_BYTES, room) + head.count() + CHUNK_SIZE_BYTES + CHUNK_END_BYTES;
        buffer = allocate(capacity).writeBytes(head.bytes(), 0, head.count());
    }

    private ByteBuf allocate(int bytes) {
        return exchange.connection().channel.alloc().directBuffer(bytes, bytes);
    }

    private boolean chunked() {
        return length == HeadWriter.CHUNKED;
    }

    private boolean account(int bytes) {
        Checks.check(!closed, "writes come before close");
        written += bytes;
        Checks.check(length < 0 || written <= length, "at most the %s bytes promised, got %s", length, written);
        return !bodyless;
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        if (!account(count)) {
            return;
        }
        int done = 0;
        while (done < count) {
            ByteBuf target = room(count - done);
            int step = Math.min(count - done, target.writableBytes() - tail());
            target.writeBytes(source, offset + done, step);
            done += step;
        }
    }

    @Override
    public void write(ByteBuffer source) {
        if (!account(source.remaining())) {
            source.position(source.limit());
            return;
        }
        if (source.isDirect() && source.remaining() >= DIRECT_BYTES_MIN && !chunked()) {
            submit();
            outbox.writeThrough(source);
            source.position(source.limit());
            return;
        }
        while (source.hasRemaining()) {
            ByteBuf target = room(source.remaining());
            int step = Math.min(source.remaining(), target.writableBytes() - tail());
            target.writeBytes(source.slice(source.position(), step));
            source.position(source.position() + step);
        }
    }

    private int tail() {
        return chunked() ? CHUNK_END_BYTES : 0;
    }

    /** A buffer with room for at least one byte, inside an open chunk if the body is chunked. */
    private ByteBuf room(int wanted) {
        ByteBuf target = buffer;
        int overhead = chunked() ? CHUNK_END_BYTES + (chunkAt < 0 ? CHUNK_SIZE_BYTES : 0) : 0;
        if (target != null && target.writableBytes() <= overhead) {
            submit();
            target = null;
        }
        if (target == null) {
            long rest = length >= 0 ? length - written + wanted : BUFFER_BYTES;
            target = allocate((int) Math.min(BUFFER_BYTES, rest) + CHUNK_SIZE_BYTES + CHUNK_END_BYTES);
            buffer = target;
        }
        if (chunked() && chunkAt < 0) {
            chunkAt = target.writerIndex();
            target.writeZero(CHUNK_SIZE_BYTES);
        }
        return target;
    }

    private void endChunk(ByteBuf target) {
        if (chunkAt < 0) {
            return;
        }
        int size = target.writerIndex() - chunkAt - CHUNK_SIZE_BYTES;
        for (int i = 0; i < 8; i++) {
            target.setByte(chunkAt + i, Character.forDigit(size >>> 28 - 4 * i & 0xf, 16));
        }
        target.setByte(chunkAt + 8, '\r').setByte(chunkAt + 9, '\n');
        target.writeByte('\r').writeByte('\n');
        chunkAt = -1;
    }

    private void submit() {
        ByteBuf full = buffer;
        buffer = null;
        if (full != null) {
            endChunk(full);
            outbox.write(full);
        }
    }

    @Override
    public void flush() {
        Checks.check(!closed, "flush comes before close");
        submit();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ByteBuf last = buffer;
        buffer = null;
        if (length >= 0 && written < length && !bodyless) {
            release(last);
            exchange.abort();
            return;
        }
        if (last == null) {
            last = allocate(CHUNK_END_BYTES);
        }
        endChunk(last);
        if (chunked() && !bodyless) {
            last.writeByte('0').writeByte('\r').writeByte('\n').writeByte('\r').writeByte('\n');
        }
        exchange.writeLast(last);
    }

    /** The handler has returned: gives the buffer back if the body was never closed. */
    void abandon() {
        closed = true;
        release(buffer);
        buffer = null;
    }

    private static void release(@Nullable ByteBuf unsent) {
        if (unsent != null) {
            unsent.release();
        }
    }
}

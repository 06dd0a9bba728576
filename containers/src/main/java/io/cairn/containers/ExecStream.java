package io.cairn.containers;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * A program that runs in a container: what it prints, in the two streams that it prints to. The Engine sends both in
 * frames of one connection (eight bytes: which, three zeros, the length, big-endian). Closing before its end stops the
 * listening, not the program. One thread.
 */
public final class ExecStream implements AutoCloseable {
    private static final int HEADER_BYTES = 8;
    private static final int ERRORS_BYTES_MAX = 16 << 10;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private final Response response;
    private final InputStream in;
    private final IntSupplier status;
    private final StringBuilder errors = new StringBuilder();
    private long left;
    private boolean ended;

    ExecStream(Response response, IntSupplier status) {
        this.response = response;
        this.in = response.body();
        this.status = status;
    }

    /** Its standard output, to the end of both streams. */
    public InputStream out() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return length == 0 ? 0 : next(target, offset, length);
            }
        };
    }

    private int next(byte[] target, int offset, int length) throws IOException {
        while (left == 0 && !ended) {
            nextFrame();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(left, length));
        if (count < 0) {
            throw new EOFException("the Engine ended the connection within a frame");
        }
        left -= count;
        return count;
    }

    /** Goes to the next bytes of standard output; what was said on the way is kept. */
    private void nextFrame() throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            ended = true;
            return;
        }
        if (header.length < HEADER_BYTES || header[0] < 0 || header[0] > STDERR) {
            throw new EOFException("the Engine sent something that is no frame");
        }
        long size = Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt(4));
        if (header[0] == STDOUT) {
            left = size;
        } else {
            keep(size);
        }
    }

    private void keep(long size) throws IOException {
        byte[] said = in.readNBytes((int) Math.min(size, ERRORS_BYTES_MAX));
        in.skipNBytes(size - said.length);
        errors.append(new String(said, StandardCharsets.UTF_8));
        if (errors.length() > ERRORS_BYTES_MAX) {
            errors.delete(0, errors.length() - ERRORS_BYTES_MAX);
        }
    }

    /** The last of what it said on its standard error, so far. */
    public String errors() {
        return errors.toString().strip();
    }

    /** Its exit status, when its output has been read to the end. */
    public int status() {
        return status.getAsInt();
    }

    @Override
    public void close() {
        response.close();
    }
}

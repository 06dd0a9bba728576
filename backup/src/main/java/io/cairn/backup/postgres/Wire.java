package io.cairn.backup.postgres;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Messages of PostgreSQL's protocol 3 on a pair of streams: {@code type:1 length:4 body}. The body of the message that
 * was read last is in {@link #body}, valid until the next. One thread reads; writing is safe for many.
 */
final class Wire {
    /** Longer ones are not sent by any server to a client like this one; memory is not taken for them. */
    static final int LENGTH_MAX = 64 << 20;

    private static final int BUFFER = 256 << 10;
    private static final int HEADER = 5;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] header = new byte[HEADER];
    private byte[] bytes = new byte[1 << 16];
    private int length;

    Wire(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in, BUFFER);
        this.out = out;
    }

    /** Reads the next message; returns its type. */
    char next() throws IOException {
        readFully(header, HEADER);
        int whole = ByteBuffer.wrap(header, 1, Integer.BYTES).getInt();
        if (whole < Integer.BYTES || whole > LENGTH_MAX) {
            throw new IOException("a message of " + Integer.toUnsignedLong(whole) + " bytes is not PostgreSQL's");
        }
        length = whole - Integer.BYTES;
        if (length > bytes.length) {
            bytes = new byte[Math.max(length, Math.min(2 * bytes.length, LENGTH_MAX))];
        }
        readFully(bytes, length);
        return (char) (header[0] & 0xff);
    }

    /** True when a read would not wait. */
    boolean ready() throws IOException {
        return in.available() > HEADER;
    }

    private void readFully(byte[] target, int count) throws IOException {
        if (in.readNBytes(target, 0, count) != count) {
            throw new EOFException("the server closed the connection");
        }
    }

    /** The body of the message that was read last. */
    Body body() {
        return new Body(ByteBuffer.wrap(bytes, 0, length));
    }

    /** The array behind {@link #body}, for content that is not looked at. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Sends a message at once. */
    synchronized void send(char type, byte[]... parts) throws IOException {
        int size = Integer.BYTES;
        for (byte[] part : parts) {
            size += part.length;
        }
        ByteBuffer message = ByteBuffer.allocate(1 + size).put((byte) type).putInt(size);
        for (byte[] part : parts) {
            message.put(part);
        }
        out.write(message.array());
        out.flush();
    }

    /** Sends the messages of the start, which have no type. */
    synchronized void sendUntyped(byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .array());
        out.flush();
    }

    /** Text as the protocol has it: UTF-8 and a zero byte. */
    static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** A body that is being read. A value that is not there is an {@link IOException}: the bytes are not trusted. */
    record Body(ByteBuffer bytes) {
        int int32() throws IOException {
            need(Integer.BYTES);
            return bytes.getInt();
        }

        long int64() throws IOException {
            need(Long.BYTES);
            return bytes.getLong();
        }

        int int16() throws IOException {
            need(Short.BYTES);
            return bytes.getShort() & 0xffff;
        }

        char letter() throws IOException {
            need(1);
            return (char) (bytes.get() & 0xff);
        }

        String text() throws IOException {
            int start = bytes.position();
            for (int end = start; end < bytes.limit(); end++) {
                if (bytes.get(end) == 0) {
                    bytes.position(end + 1);
                    return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
                }
            }
            throw new IOException("a text of the server has no end");
        }

        byte[] raw(int count) throws IOException {
            need(count);
            byte[] raw = new byte[count];
            bytes.get(raw);
            return raw;
        }

        byte[] rest() {
            byte[] rest = new byte[bytes.remaining()];
            bytes.get(rest);
            return rest;
        }

        private void need(int count) throws IOException {
            if (count < 0 || bytes.remaining() < count) {
                throw new IOException("a message of the server ends early");
            }
        }
    }
}

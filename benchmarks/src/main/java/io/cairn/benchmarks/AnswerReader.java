package io.cairn.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Reads one HTTP answer after the other as their bytes arrive: keeps the head, counts the body. Knows answers with a
 * Content-Length only. For one thread.
 */
final class AnswerReader {
    private static final int HEAD_BYTES_MAX = 16 << 10;
    private static final int SHOWN_BYTES_MAX = 600;

    private final byte[] head = new byte[HEAD_BYTES_MAX];
    private int headBytes;
    private boolean headWhole;
    private boolean silent;
    private int status;
    private long length;
    private long left;
    private final StringBuilder shown = new StringBuilder();

    /** Prepares for the next answer. */
    void begin(boolean bodyless) {
        headBytes = 0;
        headWhole = false;
        silent = bodyless;
        shown.setLength(0);
    }

    /** Takes what has arrived; true once the answer is whole. */
    boolean take(ByteBuffer in) throws IOException {
        if (!headWhole && !takeHead(in)) {
            return false;
        }
        int count = (int) Math.min(left, in.remaining());
        if (status >= 300 && shown.length() < SHOWN_BYTES_MAX) {
            byte[] text = new byte[Math.min(count, SHOWN_BYTES_MAX)];
            in.get(in.position(), text);
            shown.append(new String(text, ISO_8859_1));
        }
        in.position(in.position() + count);
        left -= count;
        if (left == 0 && in.hasRemaining()) {
            throw new IOException("the server sent more than it announced");
        }
        return left == 0;
    }

    int status() {
        return status;
    }

    /** The announced length of the body. */
    long length() {
        return length;
    }

    /** Status line and the beginning of an error's body, for a message. */
    String text() {
        String text = new String(head, 0, headBytes, ISO_8859_1);
        return text.substring(0, Math.max(0, text.indexOf('\r'))) + " " + shown;
    }

    private boolean takeHead(ByteBuffer in) throws IOException {
        int start = headBytes;
        int count = Math.min(in.remaining(), head.length - headBytes);
        in.get(in.position(), head, headBytes, count);
        headBytes += count;
        for (int i = Math.max(0, start - 3); i + 4 <= headBytes; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                in.position(in.position() + i + 4 - start);
                headBytes = i + 4;
                headWhole = true;
                understand();
                return true;
            }
        }
        if (headBytes == head.length) {
            throw new IOException("an answer's head of more than " + HEAD_BYTES_MAX + " bytes");
        }
        in.position(in.position() + count);
        return false;
    }

    private void understand() throws IOException {
        status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
        length = status == 204 || status == 304 ? 0 : contentLength();
        left = silent ? 0 : length;
    }

    private long contentLength() throws IOException {
        byte[] name = "\r\ncontent-length:".getBytes(ISO_8859_1);
        for (int i = 0; i + name.length < headBytes; i++) {
            int same = 0;
            while (same < name.length && lower(head[i + same]) == name[same]) {
                same++;
            }
            if (same == name.length) {
                return number(i + same);
            }
        }
        throw new IOException("an answer without a length: " + new String(head, 0, headBytes, ISO_8859_1));
    }

    private long number(int from) {
        int at = from;
        while (head[at] == ' ') {
            at++;
        }
        long value = 0;
        while (head[at] >= '0' && head[at] <= '9') {
            value = value * 10 + head[at++] - '0';
        }
        return value;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "answer %d of %d bytes", status, length);
    }
}

package io.cairn.wire.form;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ByteSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parts of a multipart body, one after the other, each as a stream. Holds one buffer. Belongs to one thread at a
 * time. Source: RFC 2046, section 5.1.
 */
final class MultipartReader {
    private static final int BUFFER_SIZE = 64 << 10;
    private static final int HEADER_BYTES_MAX = 8 << 10;
    private static final int PREAMBLE_MAX = 8 << 10;

    private final ByteSource source;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int position;
    private int limit;
    /** Up to here the buffer holds content: no delimiter begins before. */
    private int contentEnd;

    MultipartReader(ByteSource source, String boundary) {
        this.source = source;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter has no line before it: pretend that it had.
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
    }

    /** Goes on to the next part's headers, past the rest of this one; false when this was the last. */
    boolean next() throws IOException {
        byte[] skipped = new byte[1024];
        int total = 0;
        for (int n = read(skipped, 0, skipped.length); n >= 0; n = read(skipped, 0, skipped.length)) {
            total += n;
            if (total > PREAMBLE_MAX) {
                throw malformed();
            }
        }
        position += delimiter.length;
        String line = line();
        if (line.startsWith("--")) {
            return false;
        }
        if (!line.isBlank()) {
            throw malformed();
        }
        return true;
    }

    /** The headers of the part just begun, by lower-case name. */
    Map<String, String> headers() throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        int bytes = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            bytes += line.length();
            if (colon < 1 || bytes > HEADER_BYTES_MAX) {
                throw malformed();
            }
            headers.put(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    /** Reads content of the part; -1 when its delimiter is reached, which is left unread. */
    int read(byte[] target, int offset, int length) throws IOException {
        while (true) {
            if (contentEnd <= position) {
                contentEnd = delimiterOrPrefix();
            }
            if (contentEnd > position) {
                int n = Math.min(length, contentEnd - position);
                System.arraycopy(buffer, position, target, offset, n);
                position += n;
                return n;
            }
            if (limit - position >= delimiter.length) {
                return -1;
            }
            fill();
        }
    }

    /** Where the delimiter starts, or may start with what is in the buffer; the limit when it cannot. */
    private int delimiterOrPrefix() {
        for (int at = position; at < limit; at++) {
            if (buffer[at] == '\r' && matches(at)) {
                return at;
            }
        }
        return limit;
    }

    private boolean matches(int at) {
        int length = Math.min(delimiter.length, limit - at);
        for (int i = 1; i < length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private String line() throws IOException {
        int scanned = 0;
        while (true) {
            while (position + scanned < limit) {
                if (buffer[position + scanned++] == '\n') {
                    return takeLine(scanned);
                }
            }
            if (scanned > HEADER_BYTES_MAX) {
                throw malformed();
            }
            // The last delimiter may end the body without a line end.
            if (scanned == 2 && buffer[position] == '-' && buffer[position + 1] == '-') {
                return "--";
            }
            fill();
        }
    }

    private String takeLine(int length) {
        int end = position + length - 1;
        end = end > position && buffer[end - 1] == '\r' ? end - 1 : end;
        String line = new String(buffer, position, end - position, StandardCharsets.UTF_8);
        position += length;
        return line;
    }

    private void fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        contentEnd = 0;
        int n = limit == buffer.length ? -1 : source.read(buffer, limit, buffer.length - limit);
        if (n < 0) {
            throw malformed();
        }
        limit += n;
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_POST_REQUEST);
    }
}

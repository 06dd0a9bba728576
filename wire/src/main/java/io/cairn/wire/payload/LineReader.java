package io.cairn.wire.payload;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads lines and blocks in turn from a source through one small buffer. Belongs to one thread at a time. */
final class LineReader {
    private static final int LINE_MAX = 4096;

    private final ByteSource source;
    private final byte[] buffer = new byte[2 * LINE_MAX];
    private int position;
    private int limit;

    LineReader(ByteSource source) {
        this.source = source;
    }

    /** The next line without its end ({@code \n} or {@code \r\n}); empty at the end of the source. */
    Optional<String> line() throws IOException {
        int scan = position;
        while (true) {
            while (scan < limit) {
                if (buffer[scan++] == '\n') {
                    return Optional.of(take(scan));
                }
            }
            int scanned = scan - position;
            if (scanned > LINE_MAX) {
                throw new S3Exception(S3Error.INVALID_REQUEST, "A line of the aws-chunked body is too long.");
            }
            boolean more = fill();
            scan = position + scanned;
            if (!more) {
                return scanned == 0 ? Optional.empty() : Optional.of(take(scan));
            }
        }
    }

    /** Reads up to {@code length} bytes, straight into the target when they are many; -1 at the end. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= buffer.length) {
                return source.read(target, offset, length);
            }
            if (!fill()) {
                return -1;
            }
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, n);
        position += n;
        return n;
    }

    private String take(int end) {
        int stop = end;
        if (stop > position && buffer[stop - 1] == '\n') {
            stop--;
        }
        if (stop > position && buffer[stop - 1] == '\r') {
            stop--;
        }
        String line = new String(buffer, position, stop - position, StandardCharsets.ISO_8859_1);
        position = end;
        return line;
    }

    private boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        int n = source.read(buffer, limit, buffer.length - limit);
        limit += Math.max(n, 0);
        return n >= 0;
    }
}

package io.cairn.wire.payload;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Bytes that arrive over time, read by blocking. Belongs to one thread at a time. */
@FunctionalInterface
public interface ByteSource {
    int FIRST_SIZE = 8192;

    /**
     * Reads at least one byte and at most {@code length}; -1 at the end, again and again. An {@link IOException} means
     * that the peer or the connection failed; a body that is itself wrong is an {@link S3Exception}.
     */
    int read(byte[] target, int offset, int length) throws IOException;

    /** Everything up to the end, which must come within {@code limit} bytes. */
    default byte[] readAll(int limit) throws IOException {
        byte[] bytes = new byte[(int) Math.min(limit + 1L, FIRST_SIZE)];
        int size = 0;
        for (int n = 0; n >= 0; size += Math.max(n, 0)) {
            if (size > limit) {
                throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED).with("MaxMessageLengthBytes", limit);
            }
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, 2L * size));
            }
            n = read(bytes, size, bytes.length - size);
        }
        return Arrays.copyOf(bytes, size);
    }

    static ByteSource of(InputStream stream) {
        return stream::read;
    }

    static ByteSource of(byte[] bytes) {
        return of(new ByteArrayInputStream(bytes));
    }
}

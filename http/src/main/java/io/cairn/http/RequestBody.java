package io.cairn.http;

import java.util.OptionalLong;

/**
 * The bytes of a request's body, read once and in order by the handler's thread. A client that asked for
 * {@code 100-continue} is told to go on by the first read, never earlier. Throws {@link ExchangeFault} when the body is
 * cut short, stalls or is malformed.
 */
public interface RequestBody {
    /** The announced length, 0 for a request without a body; empty when the body is chunked. */
    OptionalLong contentLength();

    /** Blocks until at least one byte is there; returns how many were read, or -1 at the body's proper end. */
    int read(byte[] target, int offset, int length);

    /** Reads until {@code length} bytes are there or the body ends; returns how many were read, 0 at the end. */
    default int readFully(byte[] target, int offset, int length) {
        int total = 0;
        while (total < length) {
            int count = read(target, offset + total, length - total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }
}

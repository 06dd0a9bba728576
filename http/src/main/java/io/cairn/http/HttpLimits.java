package io.cairn.http;

/**
 * The sizes that keep a server's memory bounded whatever clients do.
 *
 * @param requestLineBytes longest request line; a longer one is answered with 414
 * @param headerBytes longest header section; a longer one is answered with 431
 * @param headerCount most header fields; more are answered with 431
 * @param connections most open connections; further ones are closed at once
 * @param readAheadBytes buffered request bytes per connection beyond which the socket is not read; at most one receive
 *     buffer (64 KiB) comes on top
 * @param readAheadTotalBytes buffered request bytes of all connections beyond which only handlers that wait for bytes
 *     are served, one receive buffer at a time
 * @param writeHighWaterBytes unsent response bytes per connection at which a handler's write blocks
 * @param drainBytes largest unread rest of a request body that is read and dropped to keep a connection alive
 */
public record HttpLimits(
        int requestLineBytes,
        int headerBytes,
        int headerCount,
        int connections,
        int readAheadBytes,
        long readAheadTotalBytes,
        int writeHighWaterBytes,
        int drainBytes) {
    public HttpLimits {
        within("requestLineBytes", requestLineBytes, 256, 64 << 10);
        within("headerBytes", headerBytes, 256, 256 << 10);
        within("headerCount", headerCount, 8, 10_000);
        within("connections", connections, 1, 1_000_000);
        within("readAheadBytes", readAheadBytes, 1 << 10, 16 << 20);
        within("readAheadTotalBytes", readAheadTotalBytes, 64 << 10, 1L << 40);
        within("writeHighWaterBytes", writeHighWaterBytes, 16 << 10, 16 << 20);
        within("drainBytes", drainBytes, 0, 16 << 20);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed: " + least + " to " + most);
        }
    }

    public static HttpLimits defaults() {
        return new HttpLimits(16 << 10, 32 << 10, 256, 20_000, 128 << 10, 64L << 20, 128 << 10, 256 << 10);
    }

    public HttpLimits withConnections(int count) {
        return new HttpLimits(
                requestLineBytes,
                headerBytes,
                headerCount,
                count,
                readAheadBytes,
                readAheadTotalBytes,
                writeHighWaterBytes,
                drainBytes);
    }

    public HttpLimits withReadAhead(int bytes, long totalBytes) {
        return new HttpLimits(
                requestLineBytes,
                headerBytes,
                headerCount,
                connections,
                bytes,
                totalBytes,
                writeHighWaterBytes,
                drainBytes);
    }
}

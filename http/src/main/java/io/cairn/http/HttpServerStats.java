package io.cairn.http;

/**
 * A server's counters at one moment. Totals count from the start of the server.
 *
 * @param connections open now
 * @param requestsRunning with a handler now
 * @param readAheadBytes request bytes buffered now, by buffer capacity
 * @param bytesIn body and head bytes received, after TLS
 * @param bytesOut response bytes handed to the socket, before TLS
 * @param protocolErrors requests the server refused itself
 * @param timeouts connections ended because a client was too slow
 */
public record HttpServerStats(
        long connections,
        long connectionsTotal,
        long connectionsRefused,
        long requestsRunning,
        long requestsTotal,
        long readAheadBytes,
        long bytesIn,
        long bytesOut,
        long protocolErrors,
        long timeouts) {}

package io.cairn.http;

import java.time.Duration;

/**
 * The times a server waits for its clients. They are checked by a sweep, so each may be overshot by a quarter of the
 * shortest of them, at most by a second.
 *
 * @param keepAliveIdle a connection without a request
 * @param headerRead from the first byte of a request to the end of its head
 * @param bodyStall a handler waits for body bytes and none arrives
 * @param writeStall response bytes wait and the client takes none
 * @param drain for reading the rest of a body that the handler left unread
 * @param linger for a client to notice that the server has ended a connection
 * @param shutdown for running exchanges when the server is closed
 */
public record HttpTimeouts(
        Duration keepAliveIdle,
        Duration headerRead,
        Duration bodyStall,
        Duration writeStall,
        Duration drain,
        Duration linger,
        Duration shutdown) {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofHours(24);

    public HttpTimeouts {
        within("keepAliveIdle", keepAliveIdle);
        within("headerRead", headerRead);
        within("bodyStall", bodyStall);
        within("writeStall", writeStall);
        within("drain", drain);
        within("linger", linger);
        within("shutdown", shutdown);
    }

    private static void within(String name, Duration value) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed: " + LEAST + " to " + MOST);
        }
    }

    public static HttpTimeouts defaults() {
        return new HttpTimeouts(
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10));
    }

    /** How often connections are looked at. */
    Duration sweepInterval() {
        Duration shortest = keepAliveIdle;
        for (Duration each : new Duration[] {headerRead, bodyStall, writeStall, drain, linger}) {
            shortest = each.compareTo(shortest) < 0 ? each : shortest;
        }
        long millis = Math.clamp(shortest.toMillis() / 4, 5, 1_000);
        return Duration.ofMillis(millis);
    }
}

package io.cairn.client;

import java.time.Duration;

/**
 * How long and how often a client tries. {@code connect}: to a connection. {@code silence}: the longest time without a
 * byte while an answer is waited for or read. {@code sendBytesPerSecond}: a body that is taken slower than this, after
 * {@code silence} more, is given up. Waits between tries are random between nothing and {@code first} doubled each
 * time, up to {@code longest}; a server that asks for a time (Retry-After) gets it, up to {@code longest}.
 */
public record Patience(
        Duration connect, Duration silence, long sendBytesPerSecond, int tries, Duration first, Duration longest) {
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            32 << 10,
            6,
            Duration.ofMillis(200),
            Duration.ofSeconds(20));

    public Patience withTries(int count) {
        return new Patience(connect, silence, sendBytesPerSecond, count, first, longest);
    }

    /** The most time for sending a body and getting the head of the answer. */
    Duration sending(long bytes) {
        return connect.plus(silence).plusSeconds(bytes / sendBytesPerSecond);
    }

    /** The wait before the try with that number, from 1. {@code chance} is between 0 and 1. */
    Duration before(int attempt, double chance) {
        long most = Math.min(longest.toNanos(), first.toNanos() << Math.min(attempt - 1, 30));
        return Duration.ofNanos((long) (most * chance));
    }
}

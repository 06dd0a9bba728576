package io.cairn.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.base.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the Date header, made once a second. Safe for use by many threads. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private volatile Stamp stamp;

    private record Stamp(long second, byte[] bytes) {}

    HttpDate(Clock clock) {
        this.clock = clock;
        stamp = stamp(clock.now());
    }

    private static Stamp stamp(Instant now) {
        return new Stamp(now.getEpochSecond(), FORMAT.format(now).getBytes(US_ASCII));
    }

    /** Called by the event loops' sweeps. */
    void refresh() {
        Instant now = clock.now();
        if (now.getEpochSecond() != stamp.second()) {
            stamp = stamp(now);
        }
    }

    byte[] bytes() {
        return stamp.bytes();
    }
}

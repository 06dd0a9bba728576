package io.cairn.volumes;

import java.time.Duration;

/** Words for spans of time. Stateless. */
final class Durations {
    private Durations() {}

    static String words(long nanos) {
        Duration span = Duration.ofNanos(nanos);
        return span.toMinutes() > 0 ? span.toMinutes() + " min" : span.toSeconds() + " s";
    }
}

package io.cairn.console;

import io.cairn.base.Clock;
import java.util.function.Supplier;

/**
 * What the node knows of itself.
 *
 * @param startedNanos the monotonic time at which the node started to listen
 * @param http the listeners' own figures in the text format of the metrics page
 */
public record NodeFacts(String nodeId, String version, Clock clock, long startedNanos, Supplier<String> http) {
    /** Seconds since the start by the monotonic clock. */
    double uptimeSeconds() {
        return (clock.nanos() - startedNanos) / 1e9;
    }
}

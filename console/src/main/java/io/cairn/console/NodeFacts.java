package io.cairn.console;

import io.cairn.base.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the node knows of itself.
 *
 * @param startedNanos the monotonic time at which the node started to listen
 * @param metrics what listeners and other roles add to the metrics page, in its text format
 * @param problems what stands against other roles of the node, one sentence each
 */
public record NodeFacts(
        String nodeId,
        String version,
        Clock clock,
        long startedNanos,
        Supplier<String> metrics,
        Supplier<List<String>> problems) {
    /** Seconds since the start by the monotonic clock. */
    double uptimeSeconds() {
        return (clock.nanos() - startedNanos) / 1e9;
    }
}

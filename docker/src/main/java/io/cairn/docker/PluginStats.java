package io.cairn.docker;

import java.util.Map;

/**
 * What the plugin was asked, counted since its start.
 *
 * @param calls by the name that the protocol gives them
 * @param undone mounts that were taken back because Docker no longer waited for them
 * @param malformed requests that are not of the protocol
 */
public record PluginStats(Map<String, Call> calls, long undone, long malformed) {
    /** One kind of call; {@code nanos} is the time to the answer, summed. */
    public record Call(long count, long errors, long nanos) {}

    public PluginStats {
        calls = Map.copyOf(calls);
    }
}

package io.cairn.shards;

/** The end of a simulated machine. An error, so that no code under test takes it for a failure it could handle. */
final class PowerCut extends Error {
    PowerCut() {
        super("power cut", null, false, false);
    }
}

package io.cairn.model;

/**
 * The port to the replicated log of metadata commands. A command that {@link #submit} answers for is on stable storage
 * on a majority of the log's members and applied to the leader's {@link ReplicatedState}; commands are applied in one
 * order everywhere. Safe for use by many threads; callers are expected to be virtual threads.
 */
public interface CommandLog extends AutoCloseable {
    /**
     * Appends the command, waits until it is durable on a majority and applied, and returns the state's answer.
     *
     * @throws UnavailableFault when the command certainly did not enter the log (no leader, closing, queue full)
     * @throws UncertainFault when it may have entered the log but its outcome is not known (leader lost, timeout)
     */
    byte[] submit(byte[] command);

    /**
     * The state of the current leader, for reads: it holds every command that was answered before this call.
     *
     * @throws UnavailableFault when there is no leader that is ready
     */
    ReplicatedState leaderState();

    /** How the log is doing, for health and metrics. Never blocks for long. */
    LogStatus status();

    /** Stops accepting commands, flushes the states and closes every member. */
    @Override
    void close();
}

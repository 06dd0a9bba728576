package io.cairn.consensus;

import io.cairn.model.CommandLog;
import io.cairn.model.LogStatus;
import io.cairn.model.ReplicatedState;
import io.cairn.model.UnavailableFault;
import java.util.List;

/**
 * The reference for {@link CommandLog}: it applies each command at once, one at a time, and keeps no log. What it
 * answers is exactly as durable as its state. For tests and simulations of what is built on the port. Safe for use by
 * many threads.
 */
public final class MemoryLog implements CommandLog {
    private final ReplicatedState state;
    private boolean closed;

    /** Takes over the state, whose {@link ReplicatedState#appliedIndex()} it goes on from. */
    public MemoryLog(ReplicatedState state) {
        this.state = state;
    }

    @Override
    public synchronized byte[] submit(byte[] command) {
        requireOpen();
        return state.apply(state.appliedIndex() + 1, List.of(command)).getFirst();
    }

    @Override
    public synchronized ReplicatedState leaderState() {
        requireOpen();
        return state;
    }

    @Override
    public synchronized LogStatus status() {
        long applied = closed ? -1 : state.appliedIndex();
        return new LogStatus(closed ? -1 : 0, applied, List.of(new LogStatus.Member("memory", !closed, applied, "")));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            state.flush();
            state.close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new UnavailableFault("the log is closed");
        }
    }
}

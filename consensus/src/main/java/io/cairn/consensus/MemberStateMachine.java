package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.base.Clock;
import io.cairn.model.CorruptFault;
import io.cairn.model.ReplicatedState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Ratis's view of one member's {@link ReplicatedState}.
 *
 * <p>Ratis is told of a snapshot only by the {@link SnapshotMark}: the state flushes, then the mark becomes durable,
 * then Ratis may purge. After a restart the state may be ahead of the mark (it kept what it wrote without a flush), or
 * ahead of the member's own log (the others committed before its own disk was done); entries it already holds are
 * passed over.
 *
 * <p>One Ratis thread applies, flushes and restores; checkpoints are made by the thread that sends them, under the same
 * lock. Any thread reads.
 */
final class MemberStateMachine extends BaseStateMachine {
    /** While a checkpoint travels, and a little longer, no snapshot is taken: its receiver needs the log behind it. */
    private static final long CHECKPOINT_HOLD_NANOS = Duration.ofSeconds(60).toNanos();

    private final MemberDirectory directory;
    private final ReplicatedState state;
    private final Checkpoints checkpoints;
    private final Clock clock;
    private final Consumer<Throwable> failure;
    private final Runnable ready;
    private final StallWatch stalls;
    private final AtomicLong syncing = new AtomicLong(-1);
    private final AtomicLong bytesSinceMark = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Object restoredSignal = new Object();
    private volatile SnapshotMark mark;
    private volatile long holdUntil;
    private volatile boolean failed;

    MemberStateMachine(
            MemberDirectory directory,
            ReplicatedState state,
            Clock clock,
            StallWatch stalls,
            Consumer<Throwable> failure,
            Runnable ready)
            throws IOException {
        this.directory = directory;
        this.state = state;
        this.clock = clock;
        this.stalls = stalls;
        this.failure = failure;
        this.ready = ready;
        checkpoints = new Checkpoints(directory.checkpoints());
        holdUntil = clock.nanos();
        mark = SnapshotMark.load(directory.root());
        if (state.appliedIndex() < mark.index()) {
            throw new CorruptFault(
                    "the state of log member " + directory.member().name() + " holds the log up to index "
                            + state.appliedIndex() + ", but it had made durable up to " + mark.index()
                            + " and the log before that is gone; the member must be replaced");
        }
    }

    ReplicatedState state() {
        return state;
    }

    long bytesSinceMark() {
        return bytesSinceMark.get();
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        getLifeCycle().startAndTransition(() -> setLastAppliedTermIndex(TermIndex.valueOf(mark.term(), mark.index())));
    }

    @Override
    public LifeCycle.State getLifeCycleState() {
        return getLifeCycle().getCurrentState();
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        if (request.getMessage() instanceof EntryMessage message) {
            message.enter();
        }
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .build();
    }

    /**
     * Never fails: an exception here makes Ratis's updater spin for ever when its server is being closed already. What
     * a failed member answers is no outcome of anything, and nobody takes it for one.
     */
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        List<byte[]> outcomes = List.of();
        try {
            outcomes = apply(transaction.getLogEntry());
        } catch (RuntimeException e) {
            fail(e);
        }
        return CompletableFuture.completedFuture(new OutcomesMessage(outcomes));
    }

    private synchronized List<byte[]> apply(LogEntryProto entry) {
        // A failed member must not go on: Ratis tries the next entry.
        if (failed) {
            return List.of();
        }
        var data = entry.getStateMachineLogEntry().getLogData();
        List<byte[]> outcomes = List.of();
        if (entry.getIndex() > state.appliedIndex()) {
            List<byte[]> commands = EntryFormat.decode(entry.getIndex(), data.asReadOnlyByteBuffer());
            outcomes = applyWatched(entry.getIndex(), commands);
            Checks.check(outcomes.size() == commands.size(), "one outcome for each command");
        }
        bytesSinceMark.addAndGet(data.size());
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return outcomes;
    }

    private List<byte[]> applyWatched(long index, List<byte[]> commands) {
        stalls.begins(StallWatch.Work.APPLY);
        try {
            return state.apply(index, commands);
        } finally {
            stalls.ends(StallWatch.Work.APPLY);
        }
    }

    @Override
    public synchronized void notifyTermIndexUpdated(long term, long index) {
        try {
            if (!failed && index > state.appliedIndex()) {
                state.skip(index);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
        updateLastAppliedTermIndex(term, index);
    }

    @Override
    public long takeSnapshot() throws IOException {
        if (failed || clock.nanos() - holdUntil < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        synchronized (this) {
            TermIndex applied = getLastAppliedTermIndex();
            if (applied.getIndex() <= mark.index()) {
                return mark.index();
            }
            try {
                directory.checkPresent();
                long durable = state.flush();
                if (durable < applied.getIndex()) {
                    return RaftLog.INVALID_LOG_INDEX;
                }
                SnapshotMark next = new SnapshotMark(applied.getTerm(), applied.getIndex());
                directory.settle();
                next.store(directory.root());
                mark = next;
                bytesSinceMark.set(0);
                checkpoints.prune();
                return next.index();
            } catch (IOException | RuntimeException e) {
                fail(e);
                throw e;
            }
        }
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        SnapshotMark current = mark;
        return current.index() < 0 ? null : new CheckpointInfo(current, this::checkpoint);
    }

    private synchronized Checkpoints.Made checkpoint() {
        holdUntil = clock.nanos() + CHECKPOINT_HOLD_NANOS;
        TermIndex applied = getLastAppliedTermIndex();
        try {
            return checkpoints.make(state, new SnapshotMark(applied.getTerm(), applied.getIndex()));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no checkpoint of log member " + directory.member().name(), e);
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return checkpoints.storage(this::getLatestSnapshot);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        try {
            synchronized (this) {
                SnapshotMark received = checkpoints.restore(state);
                received.store(directory.root());
                mark = received;
                bytesSinceMark.set(0);
                setLastAppliedTermIndex(TermIndex.valueOf(received.term(), received.index()));
            }
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        } catch (IOException | RuntimeException e) {
            fail(e);
            throw e;
        } finally {
            synchronized (restoredSignal) {
                restoredSignal.notifyAll();
            }
        }
    }

    /** Waits until a checkpoint that was received has become the state. */
    void awaitRestored() throws IOException {
        synchronized (restoredSignal) {
            while (getLifeCycleState() == LifeCycle.State.PAUSED && !failed) {
                try {
                    restoredSignal.wait(1000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while a checkpoint is restored", e);
                }
            }
        }
        if (failed) {
            throw new IOException("log member " + directory.member().name() + " could not restore a checkpoint");
        }
    }

    /** Runs on the log's writer before every sync of entries that are about to be acknowledged. */
    @Override
    public CompletableFuture<Void> flush(long index) {
        stalls.begins(StallWatch.Work.SYNC);
        syncing.set(index);
        try {
            directory.settle();
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            fail(e);
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The log has lost its end: what was being synced may never be reached again. */
    @Override
    public CompletableFuture<Void> truncate(long index) {
        syncing.set(-1);
        return super.truncate(index);
    }

    /** Told how far the log is durable: ends the watch over a sync that has come back. */
    void synced(long index) {
        if (index >= syncing.get()) {
            stalls.ends(StallWatch.Work.SYNC);
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        fail(cause);
    }

    @Override
    public void notifyLeaderReady() {
        ready.run();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        ready.run();
    }

    void fail(Throwable cause) {
        failed = true;
        failure.accept(cause);
    }

    /** Stops this member's promises at once, whoever notices the failure. */
    void condemn() {
        failed = true;
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            synchronized (this) {
                state.close();
            }
            getLifeCycle().checkStateAndClose();
        }
    }
}

package io.cairn.consensus;

import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.LogStatus;
import io.cairn.model.ReplicatedState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running member: its Ratis server, its state, and the watch over its directory. The first failure takes it out of
 * service for good: it is cut off the network at once and closed by a thread of its own, since closing may hang on the
 * very drive that failed. Safe for use by many threads.
 */
final class Member {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final long CLOSE_SECONDS_MAX = 30;

    private final MemberDirectory directory;
    private final RatisLogOptions options;
    private final MemberNetwork network;
    private final Runnable changed;
    private final MemberStateMachine machine;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ClientId client = ClientId.randomId();
    private final Thread watch;
    private final StallWatch stalls;
    private final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();

    /** What members of one log share. */
    record Surroundings(
            RatisLogOptions options,
            MemberNetwork network,
            Function<RatisMember, ReplicatedState> states,
            Runnable changed) {}

    /** What a member knows when it starts. */
    enum Manner {
        /** It joins: the group's configuration comes to it from the leader. */
        JOIN,
        /** It takes its place in the group. */
        FOLLOW,
        /** It takes its place and stands for election at once. */
        STAND
    }

    /** Opens the state and the log of a member whose directory has an identity, and starts it. */
    static Member start(RatisMember member, Identity identity, Manner manner, Surroundings around) throws IOException {
        MemberDirectory directory =
                new MemberDirectory(member, identity, around.options().clock());
        ReplicatedState state = around.states().apply(member);
        try {
            // Alone, a member applies only what its own log had synced; of several, the others may have been ahead.
            boolean alone = identity.peers().size() == 1;
            new LogRecovery(directory, alone ? state.appliedIndex() : -1).run();
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
        return new Member(directory, state, manner, around);
    }

    private Member(MemberDirectory directory, ReplicatedState state, Manner manner, Surroundings around) {
        this.directory = directory;
        options = around.options();
        network = around.network();
        changed = around.changed();
        stalls = new StallWatch(options.clock(), options.stallLimit());
        watch = Thread.ofPlatform().daemon().name("log-watch-" + name()).unstarted(this::watch);
        RaftServer begun = null;
        try {
            machine = new MemberStateMachine(directory, state, options.clock(), stalls, this::fail, changed);
            begun = build(manner);
            server = begun;
            network.attach(server.getId(), name(), server, directory::settle, machine::awaitRestored);
            server.start();
            division = server.getDivision(groupId());
            directory.settle();
        } catch (IOException | RuntimeException e) {
            discard(begun, state);
            throw refusal(e);
        }
        watch.start();
    }

    private RatisSettings.FirstElection firstElection(Manner manner) {
        boolean alone = directory.identity().peers().size() == 1;
        return switch (manner) {
            case STAND -> alone ? RatisSettings.FirstElection.ALONE : RatisSettings.FirstElection.FIRST;
            case FOLLOW, JOIN -> RatisSettings.FirstElection.later(options);
        };
    }

    private void discard(@Nullable RaftServer begun, ReplicatedState state) {
        network.detach(peerId());
        try {
            if (begun != null) {
                begun.close();
            }
        } catch (IOException e) {
            LOG.info("log member {} did not close cleanly: {}", name(), e.getMessage());
        } finally {
            state.close();
        }
    }

    private RaftServer build(Manner manner) throws IOException {
        List<RaftPeer> peers = manner != Manner.JOIN
                ? directory.identity().peers().stream().map(Member::raftPeer).toList()
                : List.of();
        return RaftServer.newBuilder()
                .setServerId(peerId())
                .setGroup(RaftGroup.valueOf(groupId(), peers))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RatisSettings.of(options, directory.raft(), firstElection(manner)))
                .setParameters(InProcessRpcType.parameters(network))
                .setStateMachineRegistry(_ -> machine)
                .build();
    }

    static RaftPeer raftPeer(Identity.Peer peer) {
        return RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(peer.id().toString()))
                .build();
    }

    private RuntimeException refusal(Exception e) {
        Throwable cause = e;
        StringBuilder reasons = new StringBuilder();
        while (cause != null) {
            if (cause instanceof CorruptFault corrupt) {
                return corrupt;
            }
            reasons.append(reasons.isEmpty() ? "" : ": ").append(cause.getMessage());
            cause = cause.getCause();
        }
        return new DriveFault(DriveFault.Kind.BROKEN, "log member " + name() + " does not start: " + reasons, e);
    }

    String name() {
        return directory.member().name();
    }

    MemberDirectory directory() {
        return directory;
    }

    RaftPeerId peerId() {
        return RaftPeerId.valueOf(directory.identity().peer().toString());
    }

    RaftGroupId groupId() {
        return RaftGroupId.valueOf(directory.identity().group());
    }

    RaftServer server() {
        return server;
    }

    RaftServer.Division division() {
        return division;
    }

    ReplicatedState state() {
        return machine.state();
    }

    boolean alive() {
        return failure.get().isEmpty() && !closing.get();
    }

    String failure() {
        return failure.get();
    }

    boolean leads() {
        DivisionInfo info = division.getInfo();
        return alive() && info.isAlive() && info.isLeaderReady();
    }

    long term() {
        return division.getInfo().getCurrentTerm();
    }

    long committedIndex() {
        return alive() ? division.getRaftLog().getLastCommittedIndex() : -1;
    }

    LogStatus.Member status() {
        return new LogStatus.Member(
                name(), alive(), machine.getLastAppliedTermIndex().getIndex(), failure());
    }

    /** Whether its drive hangs, as far as the clock tells; does no I/O. */
    Optional<String> stalled() {
        machine.synced(division.getRaftLog().getFlushIndex());
        return alive() ? stalls.stalled() : Optional.empty();
    }

    /**
     * What was asked of this member's server, failed as soon as the member leaves service: a server whose drive hangs
     * answers nothing any more.
     */
    <T> CompletableFuture<T> whileAlive(CompletableFuture<T> request) {
        CompletableFuture<T> first = request.copy();
        asked.add(first);
        if (!alive()) {
            first.completeExceptionally(new IOException("log member " + name() + " is lost"));
        }
        return first.whenComplete((_, _) -> asked.remove(first));
    }

    /** Takes the member out of service; the first reason stays. */
    void fail(Throwable cause) {
        StringBuilder reason = new StringBuilder();
        for (Throwable at = cause; at != null && reason.length() < 600; at = at.getCause()) {
            reason.append(reason.isEmpty() ? "" : ": ")
                    .append(at.getMessage() == null ? at.toString() : at.getMessage());
        }
        if (failure.compareAndSet("", reason.toString()) && !closing.get()) {
            machine.condemn();
            LOG.error("log member {} is out of service: {}", name(), reason);
            network.detach(peerId());
            asked.forEach(
                    request -> request.completeExceptionally(new IOException("log member " + name() + " is lost")));
            changed.run();
            Thread.ofPlatform().daemon().name("log-close-" + name()).start(() -> {
                LogRecovery.suspect(directory);
                stop();
            });
        }
    }

    /** Flushes the state and closes; returns when it is done, or when it takes so long that the drive must be stuck. */
    void close() {
        if (closing.compareAndSet(false, true) && failure.get().isEmpty()) {
            stop();
        }
        awaitClosed();
    }

    /** Whether the member has let go of its directory. */
    boolean awaitClosed() {
        try {
            return closed.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return closed.getCount() == 0;
        }
    }

    private void stop() {
        closing.set(true);
        LockSupport.unpark(watch);
        try {
            server.close();
            machine.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("log member {} did not close cleanly", name(), e);
        } finally {
            closed.countDown();
        }
    }

    private void watch() {
        while (!closing.get()) {
            LockSupport.parkNanos(options.watch().toNanos());
            if (!closing.get() && failure.get().isEmpty()) {
                look();
            }
        }
    }

    private void look() {
        stalls.begins(StallWatch.Work.LOOK);
        try {
            lookAround();
        } finally {
            stalls.ends(StallWatch.Work.LOOK);
        }
    }

    private void lookAround() {
        try {
            directory.checkPresent();
            if (!Files.isDirectory(directory.log())) {
                throw new IOException("the log's directory " + directory.log() + " is gone");
            }
        } catch (IOException e) {
            fail(e);
            return;
        }
        if (division.getInfo().getLifeCycleState().isClosingOrClosed()) {
            fail(new IOException("Ratis closed the member by itself; its log tells why"));
        } else if (machine.bytesSinceMark() > options.snapshotBytes()) {
            var _ = server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                    client, peerId(), groupId(), CallId.getAndIncrement(), TimeUnit.MINUTES.toMillis(5)));
        }
    }

    LifeCycle.State lifeCycle() {
        return division.getInfo().getLifeCycleState();
    }
}

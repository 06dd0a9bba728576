package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.model.CommandLog;
import io.cairn.model.DriveFault;
import io.cairn.model.LogStatus;
import io.cairn.model.ReplicatedState;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UncertainFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.rpc.CallId;

/**
 * The command log on Apache Ratis, with all its members in this JVM: one for a node with one drive, up to three for a
 * node with several. A command is answered when it is on stable storage on a majority of the members and applied to the
 * leader's state. A member that fails is taken out of service; the others go on while they are a majority.
 *
 * <p>Safe for use by many threads.
 */
public final class RatisLog implements CommandLog {
    private static final long LEADER_POLL_MILLIS = 50;

    private final RatisLogOptions options;
    private final List<RatisMember> configured;
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Map<String, String> absent = new ConcurrentHashMap<>();
    private final Member.Surroundings around;
    private final Combiner combiner;
    private final ClientId client = ClientId.randomId();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Object leadership = new Object();
    private volatile List<Identity.Peer> peers = List.of();

    private RatisLog(
            RatisLogOptions options, List<RatisMember> configured, Function<RatisMember, ReplicatedState> states) {
        this.options = options;
        this.configured = new java.util.concurrent.CopyOnWriteArrayList<>(configured);
        around = new Member.Surroundings(options, new MemberNetwork(), states, this::nudge);
        combiner = new Combiner(options, this::leader, this::hopeless, this::submitEntry);
    }

    private void nudge() {
        combiner.nudge();
        synchronized (leadership) {
            leadership.notifyAll();
        }
    }

    /** Loads what opening a log needs, ahead of the first open. */
    public static void preload() {
        RatisSettings.preload();
    }

    /**
     * Opens the log on the given members, making it when all their directories are new. It returns once enough members
     * have started to be a majority; commands wait for the first election, which takes milliseconds.
     *
     * @param states opens the state of a member, in {@link RatisMember#stateDirectory()} by convention
     * @throws io.cairn.model.CorruptFault when so many members are damaged that the rest is no majority, or directories
     *     of different logs are mixed
     * @throws UnavailableFault when so many members are missing that the rest is no majority
     */
    public static RatisLog open(
            RatisLogOptions options, List<RatisMember> members, Function<RatisMember, ReplicatedState> states) {
        Checks.check(!members.isEmpty() && members.size() <= 3, "a log has one to three members");
        Checks.check(
                members.stream().map(RatisMember::name).distinct().count() == members.size(), "members' names differ");
        RatisLog log = new RatisLog(options, members, states);
        try {
            log.start(new GroupFormation(members, options.entropy()).decide());
            return log;
        } catch (IOException e) {
            log.close();
            throw new DriveFault(DriveFault.Kind.BROKEN, "the log cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** Takes out a member whose drive hangs, while the others are a majority: without them it may as well come back. */
    private void watchStalls() {
        while (!closed.get()) {
            LockSupport.parkNanos(options.watch().toNanos());
            for (Member member : members.values()) {
                Optional<String> stalled = member.stalled();
                if (stalled.isPresent() && !closed.get() && majorityWithout(member)) {
                    member.fail(new IOException(stalled.get()));
                }
            }
        }
    }

    private boolean majorityWithout(Member one) {
        long others = members.values().stream()
                .filter(member -> member != one && member.alive() && isPeer(member))
                .filter(member -> member.stalled().isEmpty())
                .count();
        return others > peers.size() / 2;
    }

    private void start(GroupFormation.Decision decision) throws IOException {
        peers = decision.peers();
        absent.putAll(decision.absent());
        Map<String, StorageFault> refused = startAll(decision.present());
        refused.forEach((name, fault) -> absent.put(name, fault.getMessage()));
        int known = (int) members.values().stream().filter(this::isPeer).count();
        if (known <= peers.size() / 2) {
            Optional<StorageFault> only = refused.values().stream().findFirst();
            if (only.isPresent() && decision.absent().isEmpty()) {
                throw only.get();
            }
            throw new UnavailableFault("the log needs " + (peers.size() / 2 + 1) + " of its " + peers.size()
                    + " members, " + known + " can be used: " + absent);
        }
        if (decision.fresh()) {
            Checks.check(absent.isEmpty(), "all members of a new log started");
            activate();
        }
        combiner.start();
        Thread _ = Thread.ofPlatform().daemon().name("log-stalls").start(this::watchStalls);
    }

    private boolean isPeer(Member member) {
        return peers.stream()
                .anyMatch(peer -> peer.id().equals(member.directory().identity().peer()));
    }

    /** Starts the members side by side, and the one that stands for election when the others can vote. */
    private Map<String, StorageFault> startAll(Map<RatisMember, Identity> present) {
        Map<String, StorageFault> refused = new ConcurrentHashMap<>();
        List<Map.Entry<RatisMember, Identity>> order = new ArrayList<>(present.entrySet());
        List<Thread> starting = order.stream()
                .skip(1)
                .map(entry -> Thread.ofPlatform()
                        .name("log-start-" + entry.getKey().name())
                        .start(() -> start(entry.getKey(), entry.getValue(), Member.Manner.FOLLOW, refused)))
                .toList();
        starting.forEach(RatisLog::join);
        order.stream().limit(1).forEach(entry -> start(entry.getKey(), entry.getValue(), Member.Manner.STAND, refused));
        return refused;
    }

    private void start(RatisMember member, Identity identity, Member.Manner manner, Map<String, StorageFault> refused) {
        Member.Manner own = identity.phase() == Identity.Phase.JOINING ? Member.Manner.JOIN : manner;
        try {
            members.put(member.name(), Member.start(member, identity, own, around));
        } catch (StorageFault e) {
            refused.put(member.name(), e);
        } catch (IOException | RuntimeException e) {
            refused.put(
                    member.name(), new DriveFault(DriveFault.Kind.BROKEN, "log member " + member.name() + ": " + e, e));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableFault("interrupted while the log starts", e);
        }
    }

    /** From here on the members may have promised something. */
    private void activate() throws IOException {
        for (Member member : members.values()) {
            if (!member.alive()) {
                continue;
            }
            MemberDirectory directory = member.directory();
            MemberDirectory.store(directory.member(), directory.identity().with(Identity.Phase.ACTIVE, peers));
        }
    }

    @Override
    public byte[] submit(byte[] command) {
        return combiner.submit(command);
    }

    private CompletableFuture<Boolean> submitEntry(Member leader, List<Pending> batch) {
        List<byte[]> commands = batch.stream().map(Pending::command).toList();
        EntryMessage message = new EntryMessage(EntryFormat.encode(leader.committedIndex(), commands));
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(leader.peerId())
                .setGroupId(leader.groupId())
                .setCallId(CallId.getAndIncrement())
                .setMessage(message)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = leader.whileAlive(leader.server().submitClientRequestAsync(request));
        } catch (IOException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((answer, e) -> {
            if (e == null
                    && answer.isSuccess()
                    && answer.getMessage() instanceof OutcomesMessage(List<byte[]> outcomes)) {
                answer(batch, outcomes);
                return true;
            }
            if (!message.entered()) {
                return false;
            }
            Throwable cause = e != null ? e : answer.getException();
            UncertainFault fault = new UncertainFault(
                    "the leader was lost before it answered: " + (cause == null ? "" : cause.getMessage()));
            batch.forEach(pending -> pending.refuse(fault));
            return true;
        });
    }

    private static void answer(List<Pending> batch, List<byte[]> outcomes) {
        Checks.check(outcomes.size() == batch.size(), "one outcome for each command");
        for (int i = 0; i < outcomes.size(); i++) {
            batch.get(i).answer(outcomes.get(i));
        }
    }

    private Optional<Member> leader() {
        Member best = null;
        for (Member member : members.values()) {
            if (member.leads() && (best == null || member.term() > best.term())) {
                best = member;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The leader, after an election if one is going on; elections are short, and readers wait for them as writers do.
     */
    private Member awaitLeader() {
        Optional<Member> leader = leader();
        long deadline = options.clock().nanos() + options.leaderWait().toNanos();
        while (leader.isEmpty()) {
            if (closed.get() || hopeless().isPresent() || options.clock().nanos() > deadline) {
                throw new UnavailableFault(hopeless().orElse("the log has no leader that is ready"));
            }
            awaitChange();
            leader = leader();
        }
        return leader.get();
    }

    private void awaitChange() {
        synchronized (leadership) {
            try {
                leadership.wait(LEADER_POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableFault("interrupted while waiting for a leader of the log", e);
            }
        }
    }

    /** Why no leader can be elected, when too few members are alive for one. */
    private Optional<String> hopeless() {
        int alive = 0;
        Map<String, String> reasons = new LinkedHashMap<>(absent);
        for (Member member : members.values()) {
            if (member.alive() && isPeer(member)) {
                alive++;
            } else {
                reasons.put(member.name(), member.failure());
            }
        }
        return alive > peers.size() / 2
                ? Optional.empty()
                : Optional.of("the log needs " + (peers.size() / 2 + 1) + " of its " + peers.size() + " members, "
                        + alive + " can be used: " + reasons);
    }

    /**
     * Starts a member again in its own directory: after its drive has space again, was mounted, or answered. It catches
     * up by itself. A member that is in service stays as it is.
     *
     * @throws UnavailableFault when the failed member has not let go of its directory yet
     * @throws DriveFault when the directory is empty or does not hold this member; then only {@link #replaceMember}
     *     helps
     */
    public synchronized void restartMember(String name) {
        requireOpen();
        Member old = members.get(name);
        if (old != null && old.alive()) {
            return;
        }
        if (old != null && !old.awaitClosed()) {
            throw new UnavailableFault("the failed log member " + name + " is still closing; its drive hangs");
        }
        RatisMember member = configured(name);
        try {
            Identity identity = MemberDirectory.identity(member)
                    .orElseThrow(() -> new DriveFault(
                            DriveFault.Kind.GONE,
                            "the directory " + member.directory()
                                    + " is missing or empty; the member must be replaced"));
            GroupFormation.requireMember(member, identity, peers);
            members.put(
                    name,
                    Member.start(
                            member, identity, peers.size() == 1 ? Member.Manner.STAND : Member.Manner.FOLLOW, around));
            absent.remove(name);
        } catch (IOException e) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "log member " + name + " does not start: " + e.getMessage(), e);
        }
        nudge();
    }

    /**
     * Puts a member with an empty directory in the place of a lost one, which never takes part again. The log stays
     * available; the call returns when the newcomer holds the log. The newcomer may have the lost one's name and
     * directory.
     *
     * @throws UnavailableFault when the log has no leader, or the change was not made; asking again is safe
     */
    public synchronized void replaceMember(String lost, RatisMember fresh) {
        configured(lost);
        Checks.check(
                fresh.name().equals(lost)
                        || configured.stream().noneMatch(one -> one.name().equals(fresh.name())),
                "the newcomer's name is free: %s",
                fresh.name());
        change(Optional.of(lost), fresh);
    }

    /** Adds a member with an empty directory, as {@link #replaceMember} does, while the log has fewer than three. */
    public synchronized void addMember(RatisMember fresh) {
        Checks.check(peers.size() < 3, "a log has at most three members");
        Checks.check(
                peers.stream().noneMatch(peer -> peer.name().equals(fresh.name())), "%s is no member", fresh.name());
        change(Optional.empty(), fresh);
    }

    private void change(Optional<String> lost, RatisMember fresh) {
        requireOpen();
        Member leader = awaitLeader();
        Optional<Member> old = lost.map(members::get);
        if (old.isPresent() && fresh.directory().equals(old.get().directory().root())) {
            old.get().fail(new IOException("it is being replaced"));
            if (!old.get().awaitClosed()) {
                throw new UnavailableFault("the lost log member is still closing; its drive hangs");
            }
        }
        try {
            MembershipChange.Done done = new MembershipChange(around, leader, peers)
                    .run(lost, fresh, GroupFormation.uuid(options.entropy()));
            peers = done.peers();
            lost.ifPresent(this::forget);
            members.put(fresh.name(), done.newcomer());
            configured.removeIf(one -> one.name().equals(fresh.name()));
            configured.add(fresh);
            activate();
        } catch (IOException e) {
            throw new UnavailableFault("the log's members were not changed: " + e.getMessage(), e);
        }
    }

    private void forget(String name) {
        absent.remove(name);
        configured.removeIf(one -> one.name().equals(name));
        Member gone = members.remove(name);
        if (gone != null) {
            gone.fail(new IOException("it was replaced"));
        }
    }

    private RatisMember configured(String name) {
        return configured.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no log member is called " + name));
    }

    /** A running member, for tests that break one. */
    Member member(String name) {
        return Objects.requireNonNull(members.get(name));
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new UnavailableFault("the log is closed");
        }
    }

    @Override
    public ReplicatedState leaderState() {
        return awaitLeader().state();
    }

    @Override
    public LogStatus status() {
        List<LogStatus.Member> list = new ArrayList<>();
        Optional<Member> leader = leader();
        int position = -1;
        long committed = -1;
        for (RatisMember one : configured) {
            Member member = members.get(one.name());
            if (member == null) {
                list.add(new LogStatus.Member(one.name(), false, -1, absent.getOrDefault(one.name(), "not started")));
                continue;
            }
            if (leader.isPresent() && leader.get() == member) {
                position = list.size();
            }
            committed = Math.max(committed, member.committedIndex());
            list.add(member.status());
        }
        return new LogStatus(position, committed, list);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            combiner.close();
            List<Thread> closing = members.values().stream()
                    .map(member -> Thread.ofPlatform().name("log-close").start(member::close))
                    .toList();
            closing.forEach(RatisLog::join);
        }
    }
}

package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UncertainFault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The queue above the log: commands that arrive while entries are on their way travel together in the next one. An
 * entry leaves as soon as fewer than the allowed number are in flight, so an idle log adds no wait.
 *
 * <p>One platform thread forms the entries; any thread submits; Ratis's threads answer.
 */
final class Combiner {
    private static final int BATCH_BYTES_MAX = 512 << 10;
    private static final long LEADER_POLL_MILLIS = 10;

    private final RatisLogOptions options;
    private final Supplier<Optional<Member>> leader;
    private final Supplier<Optional<String>> hopeless;
    private final EntrySubmitter submitter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition changed = lock.newCondition();
    private final Deque<Pending> queue = new ArrayDeque<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("log-combiner").unstarted(this::run);
    private long queuedBytes;
    private int inFlight;
    private boolean closed;

    /** Sends one entry to the leader's log and answers its commands. */
    @FunctionalInterface
    interface EntrySubmitter {
        /** Completes with true when the commands were answered, with false when they certainly entered no log. */
        CompletableFuture<Boolean> submit(Member leader, List<Pending> batch);
    }

    Combiner(
            RatisLogOptions options,
            Supplier<Optional<Member>> leader,
            Supplier<Optional<String>> hopeless,
            EntrySubmitter submitter) {
        this.options = options;
        this.leader = leader;
        this.hopeless = hopeless;
        this.submitter = submitter;
    }

    void start() {
        thread.start();
    }

    byte[] submit(byte[] command) {
        Checks.check(
                command.length <= RatisLogOptions.COMMAND_BYTES_MAX,
                "a command has at most %s bytes, this one %s",
                RatisLogOptions.COMMAND_BYTES_MAX,
                command.length);
        Pending pending = new Pending(command);
        enqueue(pending);
        return pending.await(options.submitTimeout());
    }

    private void enqueue(Pending pending) {
        long left = options.submitTimeout().toNanos();
        lock.lock();
        try {
            while (!closed && full(pending)) {
                if (left <= 0) {
                    throw new UnavailableFault("the log's queue is full: " + queue.size() + " commands wait");
                }
                left = room.awaitNanos(left);
            }
            if (closed) {
                throw new UnavailableFault("the log is closed");
            }
            queue.addLast(pending);
            queuedBytes += pending.command().length;
            work.signal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableFault("interrupted while waiting for room in the log's queue", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean full(Pending pending) {
        return queue.size() >= options.queueCommands()
                || (!queue.isEmpty() && queuedBytes + pending.command().length > options.queueBytes());
    }

    private void run() {
        List<Pending> batch;
        while (!(batch = next()).isEmpty()) {
            dispatch(batch, options.clock().nanos() + options.leaderWait().toNanos());
        }
    }

    /** The next batch, with its place in flight taken; empty when closed. */
    private List<Pending> next() {
        List<Pending> batch = new ArrayList<>();
        lock.lock();
        try {
            while (batch.isEmpty()) {
                while (!closed && (queue.isEmpty() || inFlight >= options.entriesInFlight())) {
                    work.awaitUninterruptibly();
                }
                if (closed) {
                    return List.of();
                }
                take(batch);
            }
            inFlight++;
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void take(List<Pending> batch) {
        long bytes = 0;
        while (!queue.isEmpty() && batch.size() < EntryFormat.COMMANDS_MAX) {
            int length = queue.peekFirst().command().length;
            if (!batch.isEmpty() && bytes + length > BATCH_BYTES_MAX) {
                return;
            }
            Pending first = queue.removeFirst();
            queuedBytes -= length;
            if (first.send()) {
                batch.add(first);
                bytes += length;
            }
        }
    }

    private void dispatch(List<Pending> batch, long until) {
        Optional<Member> to = awaitLeader(until);
        if (to.isEmpty()) {
            UnavailableFault fault = new UnavailableFault(hopeless.get().orElse("the log has no leader"));
            batch.forEach(pending -> pending.refuse(fault));
            landed();
            return;
        }
        submitter.submit(to.get(), batch).whenComplete((answered, e) -> {
            if (e != null) {
                UncertainFault fault = new UncertainFault("the entry's fate is not known: " + e.getMessage(), e);
                batch.forEach(pending -> pending.refuse(fault));
            } else if (!answered) {
                // The leader changed before it took the entry; the next one gets it.
                Thread.ofVirtual().name("log-resubmit").start(() -> resubmit(batch, until));
                return;
            }
            landed();
        });
    }

    private void landed() {
        lock.lock();
        try {
            inFlight--;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    private void resubmit(List<Pending> batch, long until) {
        if (pause()) {
            dispatch(batch, until);
        } else {
            batch.forEach(pending -> pending.refuse(new UnavailableFault("the log is closed")));
            landed();
        }
    }

    /** The leader, waited for until there is one, or no hope of one, or the time is over. */
    private Optional<Member> awaitLeader(long until) {
        while (options.clock().nanos() - until < 0) {
            Optional<Member> found = leader.get();
            if (found.isPresent() || hopeless.get().isPresent() || !pause()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** A short wait for a change; false when the log is closed. */
    private boolean pause() {
        lock.lock();
        try {
            if (!closed) {
                var _ = changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(LEADER_POLL_MILLIS));
            }
            return !closed;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the combiner when the leadership may have changed. */
    void nudge() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what waits; what is on its way gets a moment to be answered. */
    void close() {
        lock.lock();
        try {
            closed = true;
            UnavailableFault fault = new UnavailableFault("the log is closed");
            for (Pending pending : queue) {
                pending.refuse(fault);
            }
            queue.clear();
            work.signalAll();
            room.signalAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        awaitLanding(Duration.ofSeconds(5));
    }

    private void awaitLanding(Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (inFlight > 0 && left > 0) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}

package io.cairn.repository;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock of ours, which restic understands: non-exclusive, and refreshed every five minutes by a thread of its own.
 * Once it was taken away it never comes back. See the protocol in {@code docs/formats/repository.md}. Safe for use by
 * many threads.
 */
public final class Lease implements AutoCloseable {
    static final Duration STALE = Duration.ofMinutes(30);

    private static final Duration REFRESH = Duration.ofMinutes(5);
    /** As long as restic waits; tests in memory, where nothing is late, need not. */
    private static final Duration SETTLE = Duration.ofMillis(Long.getLong("cairn.repository.settleMillis", 200));

    private static final int ID_BYTES = 16;

    private final Repository repository;
    private final Holder holder;
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition closing = guard.newCondition();
    private final Thread refresher;
    private Id file;
    private boolean closed;
    private @Nullable String lost;

    private Lease(Repository repository, String role) {
        Actor actor = repository.actor();
        String lease = HexFormat.of().formatHex(actor.entropy().bytes(ID_BYTES));
        this.repository = repository;
        this.holder = new Holder(lease, actor.host(), actor.user(), actor.pid(), actor.boot(), actor.started(), role);
        this.file = write();
        this.refresher = Thread.ofPlatform().daemon().name("lease-refresh").unstarted(this::refreshUntilClosed);
    }

    /** Takes a lease for reading. */
    public static Lease reader(Repository repository) {
        return take(repository, "reader");
    }

    /** Takes a lease for writing. */
    static Lease writer(Repository repository) {
        return take(repository, "writer");
    }

    /** Takes the one lease for pruning; steps back when somebody else has it. */
    static Lease pruner(Repository repository) {
        return take(repository, "pruner");
    }

    private static Lease take(Repository repository, String role) {
        refuse(repository, role, "");
        Lease lease = new Lease(repository, role);
        try {
            lease.settle();
            refuse(repository, role, lease.holder.lease());
        } catch (RepositoryFault conflict) {
            lease.close();
            throw conflict;
        }
        lease.refresher.start();
        return lease;
    }

    /** Refuses while somebody has the repository for himself, or a second pruner. */
    private static void refuse(Repository repository, String role, String own) {
        Holder.all(repository).forEach((other, lock) -> {
            boolean inTheWay =
                    lock.exclusive() || (role.equals("pruner") && other.role().equals("pruner"));
            if (!inTheWay || (!own.isEmpty() && other.lease().equals(own))) {
                return;
            }
            if (other.isProvenDead(repository)) {
                other.deleteLocks(repository, lock.files());
                return;
            }
            throw new RepositoryFault.Locked("the repository in "
                    + repository.backend().place() + " is locked by " + other + " since " + Json.time(lock.refreshed())
                    + "; wait for it to end, or, if it is dead, remove its lock: "
                    + (other.lease().isEmpty() ? "`restic unlock`" : "`cairn repo unlock " + other.lease() + "`"));
        });
    }

    private Id write() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("time", Json.time(repository.actor().clock().now()));
        document.put("exclusive", false);
        document.putAll(holder.document());
        if (repository.actor().uid() != 0) {
            document.put("uid", repository.actor().uid());
            document.put("gid", repository.actor().gid());
        }
        return repository.documents().save(Area.LOCKS, document);
    }

    Holder holder() {
        return holder;
    }

    private void settle() {
        guard.lock();
        try {
            await(SETTLE);
        } finally {
            guard.unlock();
        }
    }

    private void await(Duration time) {
        try {
            long left = time.toNanos();
            while (left > 0 && !closed) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private void refreshUntilClosed() {
        guard.lock();
        try {
            while (true) {
                await(REFRESH);
                if (closed) {
                    return;
                }
                try {
                    refresh();
                } catch (RepositoryFault.Locked evicted) {
                    lost = evicted.getMessage();
                    return;
                } catch (RepositoryFault unavailable) {
                    // The old lock file stands; the next round tries again.
                    continue;
                }
            }
        } finally {
            guard.unlock();
        }
    }

    /**
     * Writes a new lock file, and only then removes the old one. A lease that was taken away meanwhile stays taken
     * away.
     */
    private void refresh() {
        requireStanding();
        Id renewed = write();
        try {
            requireStanding();
        } catch (RepositoryFault.Locked evicted) {
            repository.backend().delete(new FileName(Area.LOCKS, renewed.toString()));
            throw evicted;
        }
        Id old = file;
        file = renewed;
        repository.backend().delete(new FileName(Area.LOCKS, old.toString()));
    }

    /** Fails with {@link RepositoryFault.Locked} unless the lock file is there and nobody has taken the lease away. */
    void check() {
        guard.lock();
        try {
            if (lost != null) {
                throw new RepositoryFault.Locked(lost);
            }
            requireStanding();
        } finally {
            guard.unlock();
        }
    }

    private void requireStanding() {
        boolean there = repository.backend().list(Area.LOCKS).containsKey(file.toString());
        if (!there || holder.isEvicted(repository)) {
            throw new RepositoryFault.Locked("the lease " + holder.lease()
                    + " was taken away while this process was away or slow; nothing of this run counts: run it again");
        }
    }

    /** Gives the lease back. */
    @Override
    public void close() {
        guard.lock();
        try {
            if (closed && lost == null) {
                return;
            }
            closed = true;
            closing.signalAll();
            repository.backend().delete(new FileName(Area.LOCKS, file.toString()));
        } finally {
            guard.unlock();
        }
        try {
            refresher.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.Freeze;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.PoolSpace;
import io.cairn.volumes.PoolStatus.Level;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Pool;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeSource;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the promises of pools. A thin image on a full pool loses silently what was written and not synced, so: what
 * volumes may still grow by is accounted against free room before it is promised; a ballast is given up when room runs
 * out all the same; and as the last resort writers are held off until there is room again, which is always undone.
 *
 * <p>What a volume may grow by is the part of its image that has no blocks yet, and, on a pool that shares blocks with
 * snapshots, a copy of every block that is shared. Safe for many threads; {@link #watch} is for one.
 */
final class PoolGuard {
    private static final Logger LOG = LoggerFactory.getLogger(PoolGuard.class);
    private static final Duration FREEZE_BOUND = Duration.ofMinutes(10);
    private static final int BALLAST_PART = 64;
    private static final ByteCount EMERGENCY_MIN = ByteCount.mebibytes(8);

    private final Core core;
    private final Host host;
    private final Mounter mounter;
    private final Map<VolumeId, Freeze> frozen = new ConcurrentHashMap<>();
    private final Map<String, PoolSpace> seen = new ConcurrentHashMap<>();
    private final Map<String, Level> levels = new ConcurrentHashMap<>();

    PoolGuard(Core core, Mounter mounter) {
        this.core = core;
        this.host = core.host();
        this.mounter = mounter;
    }

    /** Room of a pool, and what its volumes have and may still take. */
    private record Account(PoolSpace space, long used, long growth) {
        long committed() {
            return used + growth;
        }

        long committedMax(double overcommit) {
            return (long) (overcommit * (used + space.available().bytes()));
        }
    }

    private Account account(Pool pool) {
        long used = 0;
        long growth = 0;
        for (Entry entry : core.registry().all()) {
            if (entry.pool() == pool && entry.record().spec().source() instanceof VolumeSource.Image image) {
                long has = allocated(entry);
                used += has;
                growth += growth(entry.record(), image, has);
            }
        }
        return new Account(host.images().space(pool.directory()), used, growth);
    }

    private long allocated(Entry entry) {
        return Files.exists(entry.image())
                ? host.images().allocated(entry.image()).bytes()
                : 0;
    }

    private static long growth(VolumeRecord record, VolumeSource.Image image, long has) {
        boolean shares = record.snapshots().stream().anyMatch(each -> each.shared());
        boolean copied = image.thick() && !record.debts().reserve();
        return Math.max(0, image.size().bytes() - has) + (shares && !copied ? has : 0);
    }

    /** How the pool is, with what it promised. */
    PoolStatus status(Pool pool) {
        Optional<String> problem = pool.problem();
        if (problem.isPresent()) {
            ByteCount none = ByteCount.of(0);
            return new PoolStatus(
                    pool.name(), pool.directory(), problem.get(), Level.OK, none, none, none, none, none, false);
        }
        Account account = account(pool);
        PoolSpace space = account.space();
        return new PoolStatus(
                pool.name(),
                pool.directory(),
                space.readOnly() ? pool + " is mounted read-only" : "",
                level(pool, account),
                space.size(),
                space.available(),
                ByteCount.of(account.committed()),
                ByteCount.of(account.committedMax(pool.settings().overcommit())),
                ByteCount.of(Files.exists(pool.ballast()) ? ballast(pool, space).bytes() : 0),
                host.images().reflinks(pool.directory()));
    }

    private Level level(Pool pool, Account account) {
        if (frozenIn(pool)) {
            return Level.EXHAUSTED;
        }
        Level level = level(account.space());
        return level == Level.OK
                        && account.growth() > account.space().available().bytes()
                ? Level.LOW
                : level;
    }

    private static Level level(PoolSpace space) {
        if (space.available().compareTo(part(space, 20, 16)) < 0) {
            return Level.CRITICAL;
        }
        return space.available().compareTo(part(space, 7, 64)) < 0 ? Level.LOW : Level.OK;
    }

    /** A part of the pool's size, at most so many GiB. */
    private static ByteCount part(PoolSpace space, int part, int gibibytes) {
        return ByteCount.of(Math.min(
                space.size().bytes() / part, ByteCount.gibibytes(gibibytes).bytes()));
    }

    private static ByteCount emergency(PoolSpace space) {
        long least = Math.min(space.size().bytes() / 100, ByteCount.gibibytes(1).bytes());
        return ByteCount.of(Math.max(least, EMERGENCY_MIN.bytes()));
    }

    private static ByteCount ballast(Pool pool, PoolSpace space) {
        long most = space.size().bytes() / BALLAST_PART;
        return ByteCount.of(Math.min(pool.settings().ballast().bytes(), most) & -4096L);
    }

    /**
     * Asks for room and, when it is granted, does what takes it on, before anybody else is granted room.
     *
     * @param more by how much what volumes may grow to rises
     * @param now how much of it is taken at once
     */
    synchronized <T> Outcome<T> granted(Pool pool, long more, long now, String what, Supplier<Outcome<T>> work) {
        Optional<Refusal> refusal = refusal(pool, more, now, what);
        return refusal.isPresent() ? new Outcome.Refused<>(refusal.get()) : work.get();
    }

    private Optional<Refusal> refusal(Pool pool, long more, long now, String what) {
        Account account = account(pool);
        PoolSpace space = account.space();
        if (space.readOnly()) {
            return Optional.of(new Refusal(
                    Refusal.Reason.POOL_UNAVAILABLE, pool + " is mounted read-only; nothing can be created there"));
        }
        long free = space.available().bytes() - emergency(space).bytes();
        if (now > free) {
            return Optional.of(new Refusal(
                    Refusal.Reason.NO_SPACE,
                    "%s needs %s now, and %s has %s free of which %s are kept for an emergency"
                            .formatted(what, ByteCount.of(now), pool, space.available(), emergency(space))));
        }
        long most = account.committedMax(pool.settings().overcommit());
        if (account.committed() + more > most) {
            return Optional.of(new Refusal(
                    Refusal.Reason.NO_SPACE,
                    ("%s may grow by %s, and %s has %s free, of which its volumes may still take %s; that is"
                                    + " more than its over-commit of %s allows: enlarge the pool, delete something, or"
                                    + " raise overcommit")
                            .formatted(
                                    what,
                                    ByteCount.of(more),
                                    pool,
                                    space.available(),
                                    ByteCount.of(account.growth()),
                                    pool.settings().overcommit())));
        }
        return Optional.empty();
    }

    /** True while the guard holds off the volume's writers. */
    boolean isFrozen(VolumeId id) {
        return frozen.containsKey(id);
    }

    private boolean frozenIn(Pool pool) {
        return frozen.keySet().stream()
                .anyMatch(id -> core.registry()
                        .find(id)
                        .filter(entry -> entry.pool() == pool)
                        .isPresent());
    }

    /** Looks at every pool; true when one needs to be looked at again soon. */
    boolean watch() {
        boolean soon = false;
        for (Pool pool : core.pools().opened()) {
            try {
                if (pool.problem().isEmpty()) {
                    soon |= watch(pool);
                }
            } catch (HostFault | VolumesFault failure) {
                LOG.warn("cannot watch {}: {}", pool, failure.getMessage());
                soon = true;
            }
        }
        return soon;
    }

    private boolean watch(Pool pool) {
        PoolSpace space = host.images().space(pool.directory());
        noticeSize(pool, space);
        if (space.available().compareTo(emergency(space)) < 0) {
            if (Files.exists(pool.ballast())) {
                LOG.error(
                        "{} has {} left: gives up its ballast; enlarge it or delete something",
                        pool,
                        space.available());
                host.images().delete(pool.ballast());
            } else {
                freezeAll(pool, space);
            }
        } else if (frozenIn(pool)
                && space.available().bytes() >= 2 * emergency(space).bytes()) {
            LOG.warn("{} has {} again: writers go on", pool, space.available());
            thawAll(pool);
        }
        keepBallast(pool, space);
        Level level = frozenIn(pool) ? Level.EXHAUSTED : level(space);
        noticeLevel(pool, level, space);
        return level != Level.OK;
    }

    private void noticeSize(Pool pool, PoolSpace space) {
        PoolSpace before = seen.put(pool.name(), space);
        if (before != null && !before.size().equals(space.size())) {
            LOG.info("{} has {} now, it had {}", pool, space.size(), before.size());
        }
    }

    private void noticeLevel(Pool pool, Level level, PoolSpace space) {
        Level before = levels.put(pool.name(), level);
        if (before == null ? level != Level.OK : before != level) {
            LOG.warn("{} is {}: {} of {} free", pool, level, space.available(), space.size());
        }
    }

    private void keepBallast(Pool pool, PoolSpace space) {
        ByteCount size = ballast(pool, space);
        boolean room =
                space.available().bytes() - size.bytes() > part(space, 20, 16).bytes();
        if (room && size.bytes() > 0 && !space.readOnly() && Files.notExists(pool.ballast())) {
            host.images().create(pool.ballast(), size, true);
        }
    }

    private void freezeAll(Pool pool, PoolSpace space) {
        for (Entry entry : core.registry().visible()) {
            boolean thin = entry.record().spec().source() instanceof VolumeSource.Image image
                    && (!image.thick() || entry.record().debts().reserve());
            if (entry.pool() == pool && thin && entry.record().mounting().attached()) {
                LOG.error(
                        "{} has {} left and no ballast: holds off the writers of volume '{}' until there is room",
                        pool,
                        space.available(),
                        entry.record().name());
                freeze(entry);
            }
        }
    }

    /**
     * Freezes under the volume's lock, so that nobody unmounts it meanwhile; one that is busy waits for the next look.
     */
    private void freeze(Entry entry) {
        if (frozen.containsKey(entry.id())) {
            return;
        }
        var _ = core.locks().within(Duration.ZERO, entry.id(), () -> {
            if (mounter.mount(entry).isPresent()) {
                frozen.put(entry.id(), host.filesystems().freeze(mounter.target(entry), FREEZE_BOUND));
            }
            return true;
        });
    }

    private void thawAll(Pool pool) {
        for (VolumeId id : frozen.keySet()) {
            if (core.registry().find(id).filter(entry -> entry.pool() != pool).isEmpty()) {
                thaw(id);
            }
        }
    }

    /** Lets the volume's writers go on. */
    void thaw(VolumeId id) {
        Freeze freeze = frozen.remove(id);
        if (freeze != null) {
            freeze.close();
        }
    }

    /** Lets everybody go on. */
    void thawAll() {
        frozen.keySet().forEach(this::thaw);
    }
}

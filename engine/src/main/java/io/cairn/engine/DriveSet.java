package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.DriveId;
import io.cairn.model.ShardStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The drives that are open on this node now, each behind its guard. The {@link DriveKeeper} changes it; everybody else
 * looks. Thread-safe.
 */
final class DriveSet {
    private final Map<DriveId, GuardedDrive> open = new ConcurrentHashMap<>();
    private final Duration patience;
    private final Clock clock;
    private final AtomicLong generation = new AtomicLong();

    /** @param patience how long a read may take before another drive is asked */
    DriveSet(Collection<? extends ShardStore> drives, Duration patience, Clock clock) {
        this.patience = patience;
        this.clock = clock;
        drives.forEach(this::put);
    }

    void put(ShardStore drive) {
        open.put(drive.id(), new GuardedDrive(drive, patience, clock));
        generation.incrementAndGet();
    }

    /** Rises with each drive that is opened: what could not be done for want of a drive is worth another try. */
    long generation() {
        return generation.get();
    }

    void remove(DriveId id) {
        open.remove(id);
    }

    Optional<ShardStore> get(DriveId id) {
        return Optional.ofNullable(open.get(id));
    }

    Optional<GuardedDrive> guarded(DriveId id) {
        return Optional.ofNullable(open.get(id));
    }

    List<GuardedDrive> guarded() {
        return new ArrayList<>(open.values());
    }

    /** Whether the drive is open and takes writes. */
    boolean writable(DriveId id) {
        ShardStore drive = open.get(id);
        return drive != null && drive.trouble().isEmpty();
    }

    List<ShardStore> all() {
        return new ArrayList<>(open.values());
    }
}

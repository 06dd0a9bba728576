package io.cairn.engine;

import io.cairn.model.DriveId;
import io.cairn.model.ShardStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The drives that are open on this node now. The {@link DriveKeeper} changes it; everybody else looks. Thread-safe. */
final class DriveSet {
    private final Map<DriveId, ShardStore> open = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();

    DriveSet(Collection<? extends ShardStore> drives) {
        drives.forEach(this::put);
    }

    void put(ShardStore drive) {
        open.put(drive.id(), drive);
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

    /** Whether the drive is open and takes writes. */
    boolean writable(DriveId id) {
        ShardStore drive = open.get(id);
        return drive != null && drive.trouble().isEmpty();
    }

    List<ShardStore> all() {
        return new ArrayList<>(open.values());
    }
}

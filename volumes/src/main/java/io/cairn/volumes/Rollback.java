package io.cairn.volumes;

import io.cairn.host.HostFault;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Keys;
import io.cairn.volumes.registry.Mounting;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Making a volume what it was at a snapshot. Written as a debt first, and redoable. The caller has the lock. */
final class Rollback {
    private final Core core;
    private final Holding holding;
    private final Snapshots snapshots;
    private final Copying copying;
    private final PoolGuard guard;

    Rollback(Core core, Holding holding, Snapshots snapshots, Copying copying, PoolGuard guard) {
        this.core = core;
        this.holding = holding;
        this.snapshots = snapshots;
        this.copying = copying;
        this.guard = guard;
    }

    Outcome<SnapshotView> rollback(Entry entry, SnapshotName name) {
        Outcome<SnapshotRecord> named = snapshots.named(entry, name);
        if (named instanceof Outcome.Refused<SnapshotRecord>(Refusal refusal)) {
            return new Outcome.Refused<>(refusal);
        }
        SnapshotRecord snapshot = named.whenDone().orElseThrow();
        Optional<Refusal> refusal = holding.inUse(entry).or(() -> core.jobProblem(entry));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        if (entry.record().mounting().attached() && !holding.unmount(entry)) {
            return Outcome.refused(
                    Refusal.Reason.IN_USE,
                    "volume '" + entry.record().name() + "' is in use: a process of this host has files open on it");
        }
        Entry detached = core.registry().find(entry.id()).orElseThrow();
        long now = needs(detached, snapshot);
        Outcome<Entry> owing = guard.granted(
                entry.pool(),
                0,
                now,
                "a rollback of volume '" + entry.record().name() + "'",
                () -> Outcome.done(core.write(
                        detached,
                        detached.record().with(detached.record().debts().withRollback(snapshot.id())))));
        return owing.map(owed -> {
            pay(owed, snapshot);
            return Views.of(owed, snapshot, core.host());
        });
    }

    /** What both images take while there are two of them. */
    private long needs(Entry entry, SnapshotRecord snapshot) {
        boolean thick = entry.record().spec().source() instanceof VolumeSource.Image image && image.thick();
        long copy = core.host()
                .images()
                .allocated(entry.pool().snapshot(entry.id(), snapshot.id()))
                .bytes();
        return thick ? entry.record().spec().size().bytes() : copying.reflinks(entry.pool()) ? 0 : copy;
    }

    /**
     * Pays the debt: copies the snapshot beside the image, and puts it in its place.
     *
     * @throws HostFault when that is not possible now; the debt stays, and the volume cannot be held
     */
    Entry pay(Entry entry, SnapshotRecord snapshot) {
        Path fresh = entry.pool().imageNew(entry.id());
        core.host().images().delete(fresh);
        copying.still(entry.pool().snapshot(entry.id(), snapshot.id()), fresh, copying.reflinks(entry.pool()));
        VolumeRecord record = entry.record();
        if (record.spec().source() instanceof VolumeSource.Image image) {
            core.host().images().grow(fresh, Growth.imageSize(core.host(), image));
            if (image.thick()) {
                core.host().images().reserve(fresh);
            }
        }
        core.registry().rename(fresh, entry.image());
        Keys keys = record.keys() == null || snapshot.key() == null
                ? record.keys()
                : new Keys(snapshot.key(), null, java.util.List.of());
        // The snapshot was taken of a mounted filesystem: it is checked before it is mounted again.
        var mounting = new Mounting(false, false, record.mounting().holders());
        var debts = record.debts().withRollback(null).withGrown(snapshot.size());
        VolumeRecord back = record.with(mounting).with(debts);
        return core.write(entry, keys == null ? back : back.with(keys));
    }

    /** Pays what the record owes, if it owes a rollback. */
    Optional<String> settle(Entry entry) {
        return Optional.ofNullable(entry.record().debts().rollback())
                .flatMap(owed -> entry.record().snapshots().stream()
                        .filter(each -> each.id().equals(owed))
                        .findFirst())
                .map(snapshot -> {
                    pay(entry, snapshot);
                    return "finished the rollback of volume '" + entry.record().name() + "' to '" + snapshot.name()
                            + "'";
                });
    }

    /** True when a rollback left its half-made image. */
    static boolean leftover(Entry entry) {
        return entry.record().debts().rollback() == null
                && Files.exists(entry.pool().imageNew(entry.id()));
    }
}

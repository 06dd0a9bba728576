package io.cairn.volumes;

import io.cairn.host.HostFault;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Phase;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.spec.VolumeSource;
import java.util.Optional;

/** Removing of volumes, whole or half-made. The caller has the volume's lock. */
final class Removal {
    private final Core core;
    private final Mounter mounter;
    private final Holding holding;

    Removal(Core core, Mounter mounter, Holding holding) {
        this.core = core;
        this.mounter = mounter;
        this.holding = holding;
    }

    Outcome<VolumeView> remove(Entry entry, boolean withSnapshots) {
        Optional<Refusal> refusal = core.poolProblem(entry)
                .or(() -> holding.inUse(entry))
                .or(() -> core.jobProblem(entry))
                .or(() -> snapshots(entry, withSnapshots));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        if (entry.record().mounting().attached() && !holding.unmount(entry)) {
            return Outcome.refused(
                    Refusal.Reason.IN_USE,
                    "volume '" + entry.record().name() + "' is in use: a process of this host has files open on "
                            + mounter.target(entry));
        }
        Entry detached = core.registry().find(entry.id()).orElseThrow();
        erase(core.write(detached, detached.record().with(Phase.REMOVING)));
        return Outcome.done(Views.of(detached, mounter));
    }

    private static Optional<Refusal> snapshots(Entry entry, boolean withSnapshots) {
        int count = entry.record().visible().size();
        return withSnapshots || count == 0
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Refusal.Reason.IN_USE,
                        "volume '%s' has %d snapshot%s, which would be lost: delete them, or remove it with them"
                                .formatted(entry.record().name(), count, count == 1 ? "" : "s")));
    }

    /**
     * Deletes everything of a volume that nobody can see: one whose removal was written, or whose creation is undone.
     * Redoable.
     *
     * @throws HostFault when something of it is in use; it is tried again later
     */
    void erase(Entry entry) {
        mounter.down(entry);
        mounter.forget(entry);
        if (entry.record().spec().source() instanceof VolumeSource.Image) {
            for (SnapshotRecord snapshot : entry.record().snapshots()) {
                core.host().images().delete(entry.pool().snapshot(entry.id(), snapshot.id()));
            }
            core.host().images().delete(entry.pool().imageNew(entry.id()));
            core.host().images().delete(entry.image());
        }
        core.registry().drop(entry);
        core.locks().forget(entry.id());
    }
}

package io.cairn.volumes;

import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Phase;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pays the debts of one volume, whatever left them. Redoable. The caller has the volume's lock. */
final class Recovery {
    private final Core core;
    private final Mounter mounter;
    private final Removal removal;
    private final Snapshots snapshots;
    private final Rollback rollback;
    private final KeyCare keyCare;
    private final Growth growth;
    private final Reserving reserving;

    Recovery(
            Core core,
            Mounter mounter,
            Removal removal,
            Snapshots snapshots,
            Rollback rollback,
            KeyCare keyCare,
            Growth growth,
            Reserving reserving) {
        this.core = core;
        this.mounter = mounter;
        this.removal = removal;
        this.snapshots = snapshots;
        this.rollback = rollback;
        this.keyCare = keyCare;
        this.growth = growth;
        this.reserving = reserving;
    }

    /** Puts the volume right and says what was done. A volume that is no longer wanted is gone afterwards. */
    List<String> settle(VolumeId id) {
        var repairs = new ArrayList<String>();
        Entry entry = core.registry().find(id).orElseThrow();
        String name = "volume '" + entry.record().name() + "'";
        if (entry.record().phase() != Phase.READY) {
            boolean creating = entry.record().phase() == Phase.CREATING;
            removal.erase(entry);
            repairs.add((creating ? "undid the creation of " : "finished the removal of ") + name);
            return repairs;
        }
        for (SnapshotRecord snapshot : entry.record().snapshots()) {
            if (!snapshot.ready()) {
                snapshots.discard(core.registry().find(id).orElseThrow(), snapshot);
                repairs.add("deleted the snapshot '" + snapshot.name() + "' of " + name + ", which was not finished");
            }
        }
        rollback.settle(core.registry().find(id).orElseThrow()).ifPresent(repairs::add);
        image(core.registry().find(id).orElseThrow(), name, repairs);
        return repairs;
    }

    private void image(Entry entry, String name, List<String> repairs) {
        if (!(entry.record().spec().source() instanceof VolumeSource.Image)) {
            return;
        }
        if (Rollback.leftover(entry)) {
            core.host().images().delete(entry.pool().imageNew(entry.id()));
        }
        if (core.jobs().running(entry.id()).isPresent()) {
            return;
        }
        if (entry.record().keys() != null
                && (entry.record().theKeys().pending() != null
                        || !entry.record().theKeys().retiring().isEmpty())) {
            keyCare.settle(entry);
            repairs.add("finished the rotation of the key of " + name);
        }
        Entry now = core.registry().find(entry.id()).orElseThrow();
        if (growth.owed(now) && mounter.mount(now).isPresent()) {
            Optional<String> pending = growth.mounted(now);
            if (pending.isEmpty()) {
                repairs.add("grew the filesystem of " + name);
            }
        }
        Entry last = core.registry().find(entry.id()).orElseThrow();
        if (last.record().debts().reserve()) {
            reserving.start(last);
        } else if (last.record().debts().reencrypt()) {
            var _ = keyCare.startReencryption(last);
        }
    }

    /** Tells the host again which limits hold: a part of them it may only remember, as this process did not yet. */
    void limitAgain() {
        for (Entry entry : core.registry().visible()) {
            if (!entry.record().spec().limits().isNone() && mounter.mount(entry).isPresent()) {
                mounter.device(entry)
                        .ifPresent(device -> core.host()
                                .throttle()
                                .apply(device, entry.record().spec().limits()));
            }
        }
    }

    /** Lets writers go on whom a process that died had held off. */
    List<String> thaw() {
        return core.registry().visible().stream()
                .filter(entry -> entry.record().spec().source() instanceof VolumeSource.Image)
                .filter(entry -> mounter.mount(entry).isPresent()
                        && core.host().filesystems().thawLeftover(mounter.target(entry)))
                .map(entry -> "let the writers of volume '" + entry.record().name() + "' go on, who had been held off")
                .toList();
    }
}

package io.cairn.volumes;

import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import io.cairn.volumes.registry.Debts;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Mounting;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.HolderId;
import java.util.List;
import java.util.Optional;

/** Mounting for those who want a volume, and unmounting when nobody does. The caller has the volume's lock. */
final class Holding {
    private final Core core;
    private final Mounter mounter;
    private final PoolGuard guard;
    private final Growth growth;

    Holding(Core core, Mounter mounter, PoolGuard guard, Growth growth) {
        this.core = core;
        this.mounter = mounter;
        this.guard = guard;
        this.growth = growth;
    }

    Outcome<Held> hold(Entry entry, HolderId holder) {
        Outcome<Entry> mounted = mount(entry);
        return switch (mounted) {
            case Outcome.Refused<Entry>(Refusal refusal) -> new Outcome.Refused<>(refusal);
            case Outcome.Done<Entry>(Entry up) -> {
                Entry held = count(up, holder);
                yield Outcome.done(new Held(
                        mounter.mountpoint(held.id()), held.record().mounting().count(holder)));
            }
        };
    }

    /** Writes the reference; when that fails, a mount that nobody else wants is taken down again. */
    private Entry count(Entry entry, HolderId holder) {
        try {
            return core.write(
                    entry, entry.record().with(entry.record().mounting().held(holder)));
        } catch (VolumesFault failure) {
            if (entry.record().mounting().references() == 0) {
                unmountQuietly(entry, failure);
            }
            throw failure;
        }
    }

    private void unmountQuietly(Entry entry, VolumesFault failure) {
        try {
            var _ = unmount(entry);
        } catch (HostFault | VolumesFault also) {
            failure.addSuppressed(also);
        }
    }

    /** Mounts the volume if it is not, and pays the debts that a mount waits for. */
    Outcome<Entry> mount(Entry entry) {
        Optional<Refusal> refusal = core.poolProblem(entry).or(() -> debt(entry));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        if (mounter.mount(entry).isPresent()) {
            return Outcome.done(entry.record().mounting().attached() ? entry : attaching(entry));
        }
        boolean clean = entry.record().mounting().clean();
        Entry attaching = attaching(entry);
        Outcome<Mounter.Up> up;
        try {
            growth.prepare(attaching);
            up = mounter.up(attaching, !clean);
        } catch (HostFault | VolumesFault failure) {
            detached(attaching, clean, failure);
            throw failure;
        }
        if (up instanceof Outcome.Refused<Mounter.Up>(Refusal reason)) {
            core.write(
                    attaching,
                    attaching.record().with(attaching.record().mounting().detached(clean)));
            return new Outcome.Refused<>(reason);
        }
        growth.settle(attaching, up.whenDone().orElseThrow());
        return Outcome.done(core.registry().find(entry.id()).orElseThrow());
    }

    private Entry attaching(Entry entry) {
        return core.write(entry, entry.record().with(entry.record().mounting().attaching()));
    }

    /** What failed to come up was taken down; that is written unless something is still there. */
    private void detached(Entry entry, boolean clean, RuntimeException failure) {
        try {
            if (mounter.device(entry).isEmpty()) {
                core.write(entry, entry.record().with(entry.record().mounting().detached(clean)));
            }
        } catch (HostFault | VolumesFault also) {
            failure.addSuppressed(also);
        }
    }

    private static Optional<Refusal> debt(Entry entry) {
        Debts debts = entry.record().debts();
        return debts.rollback() == null
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Refusal.Reason.BUSY,
                        "volume '" + entry.record().name() + "' is being rolled back; try again later"));
    }

    Outcome<Released> release(Entry entry, HolderId holder) {
        Mounting mounting = entry.record().mounting();
        if (!mounting.holders().containsKey(holder)) {
            return Outcome.done(new Released(mounting.references(), !mounting.attached()));
        }
        Entry released = core.write(entry, entry.record().with(mounting.released(holder)));
        int left = released.record().mounting().references();
        return Outcome.done(new Released(left, left == 0 && unmount(released)));
    }

    /**
     * Takes the volume down when nobody has it; false when somebody does, whom reconciliation waits for. Afterwards it
     * is clean, if it had been mounted.
     */
    boolean unmount(Entry entry) {
        List<Holder> elsewhere = mounter.elsewhere(entry);
        if (!elsewhere.isEmpty() || core.jobs().running(entry.id()).isPresent()) {
            return false;
        }
        guard.thaw(entry.id());
        boolean cleanly =
                mounter.mount(entry).isPresent() || entry.record().mounting().clean();
        try {
            mounter.down(entry);
        } catch (HostFault busy) {
            if (busy.errno().equals(Errno.EBUSY)) {
                return false;
            }
            throw busy;
        }
        VolumeRecord record = entry.record();
        core.write(entry, record.with(record.mounting().detached(cleanly)));
        return true;
    }

    /** Why nobody may change the volume below its users' feet: who has it. */
    Optional<Refusal> inUse(Entry entry) {
        Mounting mounting = entry.record().mounting();
        if (mounting.references() > 0) {
            return Optional.of(new Refusal(
                    Refusal.Reason.IN_USE,
                    "volume '%s' is in use: %d reference%s, by %s"
                            .formatted(
                                    entry.record().name(),
                                    mounting.references(),
                                    mounting.references() == 1 ? "" : "s",
                                    first(mounting.holders().keySet().stream()
                                            .map(HolderId::text)
                                            .toList()))));
        }
        List<Holder> elsewhere = mounter.elsewhere(entry);
        return elsewhere.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Refusal.Reason.IN_USE,
                        "volume '%s' is in use: mounted by %s"
                                .formatted(
                                        entry.record().name(),
                                        first(elsewhere.stream()
                                                .map(each -> each.container()
                                                        .map(id -> "container " + id)
                                                        .orElse("process " + each.pid() + " (" + each.command() + ")"))
                                                .toList()))));
    }

    private static String first(List<String> names) {
        return names.size() == 1 ? names.getFirst() : names.getFirst() + " and " + (names.size() - 1) + " more";
    }
}

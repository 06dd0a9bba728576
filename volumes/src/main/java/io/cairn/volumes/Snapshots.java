package io.cairn.volumes;

import io.cairn.host.HostFault;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Keys;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Taking, deleting and comparing of snapshots. The caller has the volume's lock. */
final class Snapshots {
    private final Core core;
    private final Copying copying;
    private final PoolGuard guard;
    private final Reserving reserving;

    Snapshots(Core core, Copying copying, PoolGuard guard, Reserving reserving) {
        this.core = core;
        this.copying = copying;
        this.guard = guard;
        this.reserving = reserving;
    }

    Outcome<SnapshotView> take(Entry entry, SnapshotName name, Duration bound) {
        Optional<Refusal> refusal =
                core.poolProblem(entry).or(() -> core.jobProblem(entry)).or(() -> taken(entry, name));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        if (!(entry.record().spec().source() instanceof VolumeSource.Image image)) {
            return Outcome.refused(
                    Refusal.Reason.NOT_SUPPORTED,
                    "volume '%s' has no image that a snapshot could be taken of: it is a %s"
                            .formatted(
                                    entry.record().name(),
                                    entry.record().spec().source().kind()));
        }
        boolean share = copying.reflinks(entry.pool());
        long has = core.host().images().allocated(entry.image()).bytes();
        boolean now = !share || image.thick();
        Outcome<Entry> begun = guard.granted(
                entry.pool(),
                has,
                now ? has : 0,
                "a snapshot of volume '" + entry.record().name() + "'",
                () -> Outcome.done(begin(entry, image, name, share)));
        return switch (begun) {
            case Outcome.Refused<Entry>(Refusal reason) -> new Outcome.Refused<>(reason);
            case Outcome.Done<Entry>(Entry taking) ->
                finish(taking, taking.record().snapshots().getLast(), image, bound);
        };
    }

    private Optional<Refusal> taken(Entry entry, SnapshotName name) {
        if (guard.isFrozen(entry.id())) {
            return Optional.of(new Refusal(
                    Refusal.Reason.NO_SPACE,
                    entry.pool() + " has run out of room and holds off the writers of volume '"
                            + entry.record().name() + "': enlarge it or delete something"));
        }
        return entry.record()
                .snapshot(name)
                .map(_ -> new Refusal(
                        Refusal.Reason.EXISTS,
                        "volume '" + entry.record().name() + "' has a snapshot '" + name + "' already"));
    }

    private Entry begin(Entry entry, VolumeSource.Image image, SnapshotName name, boolean share) {
        VolumeRecord record = entry.record();
        var snapshot = new SnapshotRecord(
                VolumeId.random(core.entropy()),
                name,
                core.clock().now(),
                SnapshotRecord.Phase.TAKING,
                record.debts().grown(),
                share,
                0,
                null,
                Optional.ofNullable(record.keys()).map(Keys::current).orElse(null));
        boolean reserve = record.debts().reserve() || share && image.thick();
        return core.write(entry, record.plus(snapshot).with(record.debts().withReserve(reserve)));
    }

    private Outcome<SnapshotView> finish(
            Entry taking, SnapshotRecord snapshot, VolumeSource.Image image, Duration bound) {
        Path file = taking.pool().snapshot(taking.id(), snapshot.id());
        Outcome<Copying.Copy> copied;
        try {
            copied = copying.live(taking, file, snapshot.shared(), bound);
        } catch (HostFault failure) {
            abandon(taking, snapshot, file, failure);
            throw failure;
        }
        return switch (copied) {
            case Outcome.Refused<Copying.Copy>(Refusal refusal) -> {
                var _ = core.write(taking, taking.record().without(snapshot.id()));
                yield new Outcome.Refused<>(refusal);
            }
            case Outcome.Done<Copying.Copy>(Copying.Copy(boolean shared, Duration frozen)) -> {
                String warning = shared ? null : warning(frozen);
                Entry taken = core.write(
                        taking,
                        taking.record().changing(snapshot.id(), each -> each.taken(frozen.toMillis(), warning)));
                if (image.thick()) {
                    reserving.start(taken);
                }
                yield Outcome.done(
                        Views.of(taken, taken.record().snapshot(snapshot.name()).orElseThrow(), core.host()));
            }
        };
    }

    private static String warning(Duration frozen) {
        return "the pool has no reflinks: the snapshot is a copy, and writers waited " + frozen.toMillis()
                + " ms for it";
    }

    private void abandon(Entry taking, SnapshotRecord snapshot, Path file, HostFault failure) {
        try {
            core.host().images().delete(file);
            core.write(taking, taking.record().without(snapshot.id()));
        } catch (HostFault | VolumesFault also) {
            failure.addSuppressed(also);
        }
    }

    Outcome<List<SnapshotView>> list(Entry entry) {
        return Outcome.done(entry.record().visible().stream()
                .map(each -> Views.of(entry, each, core.host()))
                .toList());
    }

    Outcome<SnapshotView> delete(Entry entry, SnapshotName name) {
        return named(entry, name).map(snapshot -> {
            SnapshotView view = Views.of(entry, snapshot, core.host());
            Entry deleting = core.write(entry, entry.record().changing(snapshot.id(), SnapshotRecord::deleting));
            discard(deleting, snapshot);
            return view;
        });
    }

    /** Deletes what nobody can see: a snapshot being deleted, or one that was not finished. Redoable. */
    Entry discard(Entry entry, SnapshotRecord snapshot) {
        core.host().images().delete(entry.pool().snapshot(entry.id(), snapshot.id()));
        return core.write(entry, entry.record().without(snapshot.id()));
    }

    Outcome<SnapshotRecord> named(Entry entry, SnapshotName name) {
        return core.poolProblem(entry)
                .map(problem -> (Outcome<SnapshotRecord>) new Outcome.Refused<SnapshotRecord>(problem))
                .orElseGet(() -> entry.record()
                        .snapshot(name)
                        .filter(SnapshotRecord::ready)
                        .map(Outcome::done)
                        .orElseGet(() -> Outcome.refused(
                                Refusal.Reason.NOT_FOUND,
                                "volume '" + entry.record().name() + "' has no snapshot '" + name + "'")));
    }

    /** What differs between two snapshots; everything of the later one when their files share no blocks. */
    Outcome<Changes> changes(Entry entry, Optional<SnapshotName> from, SnapshotName to) {
        Outcome<SnapshotRecord> later = named(entry, to);
        if (later instanceof Outcome.Refused<SnapshotRecord>(Refusal refusal)) {
            return new Outcome.Refused<>(refusal);
        }
        SnapshotRecord second = later.whenDone().orElseThrow();
        Path file = entry.pool().snapshot(entry.id(), second.id());
        long size = size(second, entry);
        if (from.isEmpty()) {
            return Outcome.done(new Changes(
                    file, size, true, ExtentDiff.written(core.host().images().extents(file))));
        }
        return named(entry, from.get()).map(first -> {
            var extents = core.host().images().extents(file);
            return first.shared() && second.shared()
                    ? new Changes(
                            file,
                            size,
                            true,
                            ExtentDiff.between(
                                    core.host().images().extents(entry.pool().snapshot(entry.id(), first.id())),
                                    extents))
                    : new Changes(file, size, false, List.of(new ByteRange(0, size)));
        });
    }

    private long size(SnapshotRecord snapshot, Entry entry) {
        VolumeSource.Image image = (VolumeSource.Image) entry.record().spec().source();
        return Growth.imageSize(core.host(), image.withSize(snapshot.size())).bytes();
    }
}

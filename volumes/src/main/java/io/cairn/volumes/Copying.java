package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.Freeze;
import io.cairn.host.Host;
import io.cairn.host.KeyMaterial;
import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Keys;
import io.cairn.volumes.registry.Pool;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.CloneSource;
import io.cairn.volumes.spec.VolumeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Consistent copies of images. Where the pool has reflinks a copy shares all blocks and takes milliseconds; elsewhere
 * data is copied. A mounted filesystem is frozen meanwhile, for a bounded time. The caller has the locks.
 */
final class Copying {
    private final Core core;
    private final Host host;
    private final Mounter mounter;
    private final Growth growth;
    private final Map<String, Boolean> reflinks = new ConcurrentHashMap<>();

    Copying(Core core, Mounter mounter, Growth growth) {
        this.core = core;
        this.host = core.host();
        this.mounter = mounter;
        this.growth = growth;
    }

    /** A copy that was made: whether it shares blocks, and for how long writers waited. */
    record Copy(boolean shared, Duration frozen) {}

    /** True when files of the pool can share blocks. Found out once. */
    boolean reflinks(Pool pool) {
        return reflinks.computeIfAbsent(pool.name(), _ -> host.images().reflinks(pool.directory()));
    }

    /** Copies a file that nobody writes to. */
    Copy still(Path from, Path to, boolean share) {
        if (share) {
            host.images().reflink(from, to);
        } else {
            host.images().copySparse(from, to);
        }
        return new Copy(share, Duration.ZERO);
    }

    /** Copies the image of a volume, frozen while it is mounted; refused when that took longer than the bound. */
    Outcome<Copy> live(Entry entry, Path to, boolean share, Duration bound) {
        if (mounter.mount(entry).isEmpty()) {
            return mounter.elsewhere(entry).isEmpty()
                    ? Outcome.done(still(entry.image(), to, share))
                    : Outcome.refused(
                            Refusal.Reason.IN_USE,
                            "volume '" + entry.record().name() + "' is mounted by somebody, but not here, so that its"
                                    + " writers cannot be held off");
        }
        return switch (frozen(entry, to, share, bound)) {
            case Freeze.Thaw.InTime(Duration frozen) -> Outcome.done(new Copy(share, frozen));
            case Freeze.Thaw.TooLate(Duration _) ->
                Outcome.refused(
                        Refusal.Reason.NOT_SUPPORTED,
                        ("copying volume '%s' takes longer than writers may be held off (%s s), and its pool has no"
                                        + " reflinks: stop its users first, allow more time, or use a pool on XFS")
                                .formatted(entry.record().name(), bound.toSeconds()));
        };
    }

    /** Copies while writers are held off; there is no copy when the freeze did not hold. */
    private Freeze.Thaw frozen(Entry entry, Path to, boolean share, Duration bound) {
        Path target = mounter.target(entry);
        if (share) {
            return host.images()
                    .reflinkFrozen(entry.image(), to, () -> host.filesystems().freeze(target, bound));
        }
        Freeze.Thaw thaw;
        try (Freeze freeze = host.filesystems().freeze(target, bound)) {
            host.images().copySparse(entry.image(), to);
            thaw = freeze.thaw();
        }
        if (thaw instanceof Freeze.Thaw.TooLate) {
            host.images().delete(to);
        }
        return thaw;
    }

    /** Fills a new volume with what another one has, or had at a snapshot. */
    Optional<Refusal> clone(Entry entry, VolumeSource.Image image, Entry original, CloneSource from) {
        Outcome<VolumeRecord> copied = core.locks()
                .within(core.patience(), original.id(), () -> copy(entry, original.id(), from))
                .orElseGet(() -> Outcome.refused(
                        Refusal.Reason.BUSY, "another operation on volume '" + from.volume() + "' goes on"));
        return switch (copied) {
            case Outcome.Refused<VolumeRecord>(Refusal refusal) -> Optional.of(refusal);
            case Outcome.Done<VolumeRecord>(VolumeRecord record) -> adapt(core.write(entry, record), image);
        };
    }

    /** Copies the image, and says what the record of the clone is then. */
    private Outcome<VolumeRecord> copy(Entry entry, io.cairn.volumes.spec.VolumeId originalId, CloneSource from) {
        Optional<Entry> found = core.registry().find(originalId);
        if (found.isEmpty()) {
            return Outcome.refused(Refusal.Reason.NOT_FOUND, "there is no volume '" + from.volume() + "' any more");
        }
        Entry original = found.get();
        boolean share = original.pool() == entry.pool() && reflinks(entry.pool());
        if (from.snapshot().isEmpty()) {
            Optional<Refusal> busy = core.jobProblem(original);
            Outcome<Copy> copy = busy.isPresent()
                    ? new Outcome.Refused<>(busy.get())
                    : live(original, entry.image(), share, Volumes.FREEZE_MAX_DEFAULT);
            return copy.map(_ -> rekeyed(
                    entry,
                    original,
                    original.record().debts().grown(),
                    Optional.ofNullable(original.record().keys()).map(Keys::current)));
        }
        Optional<SnapshotRecord> snapshot =
                original.record().snapshot(from.snapshot().get()).filter(SnapshotRecord::ready);
        if (snapshot.isEmpty()) {
            return Outcome.refused(
                    Refusal.Reason.NOT_FOUND,
                    "volume '" + from.volume() + "' has no snapshot '"
                            + from.snapshot().get() + "'");
        }
        still(original.pool().snapshot(original.id(), snapshot.get().id()), entry.image(), share);
        return Outcome.done(rekeyed(
                entry,
                original,
                snapshot.get().size(),
                Optional.ofNullable(snapshot.get().key())));
    }

    /**
     * Gives the copy of a container a key of its own in place of the original's. Files encrypted in place have no
     * slots: such a clone has the same key, wrapped for it.
     */
    private VolumeRecord rekeyed(Entry entry, Entry original, ByteCount size, Optional<WrappedKey> wrapped) {
        VolumeRecord record = entry.record().with(entry.record().debts().withGrown(size));
        Cipher cipher = record.spec().cipher();
        if (cipher == Cipher.NONE || wrapped.isEmpty()) {
            return record;
        }
        try (KeyMaterial old = core.keys().unwrap(original.id(), wrapped.get())) {
            if (cipher == Cipher.FSCRYPT) {
                return record.with(Keys.of(VolumeKeys.wrap(core, entry.id(), old)));
            }
            try (KeyMaterial own = mounter.key(entry)) {
                if (!host.encryption().addKey(entry.image(), old, own)) {
                    throw new VolumesFault("the key that is kept for volume '"
                            + original.record().name() + "' does not open the copy of its container");
                }
                host.encryption().removeKey(entry.image(), old);
            }
        }
        return record;
    }

    /** Gives the copy its own identity, and its size. */
    private Optional<Refusal> adapt(Entry entry, VolumeSource.Image image) {
        growth.prepare(entry);
        Outcome<BlockDevice> attached = mounter.attach(entry);
        if (attached instanceof Outcome.Refused<BlockDevice>(Refusal refusal)) {
            return Optional.of(refusal);
        }
        BlockDevice device = attached.whenDone().orElseThrow();
        if (host.filesystems().check(image.filesystem(), device) instanceof CheckResult.Damaged(String report)) {
            return Optional.of(new Refusal(
                    Refusal.Reason.DAMAGED,
                    "the filesystem of the original is damaged, and so is its copy: " + report));
        }
        String _ = host.filesystems().newIdentity(image.filesystem(), device);
        Outcome<Mounter.Up> up = mounter.up(entry, false);
        if (up instanceof Outcome.Refused<Mounter.Up>(Refusal reason)) {
            return Optional.of(reason);
        }
        growth.settle(entry, up.whenDone().orElseThrow());
        mounter.down(entry);
        if (image.thick()) {
            host.images().reserve(entry.image());
        }
        return Optional.empty();
    }
}

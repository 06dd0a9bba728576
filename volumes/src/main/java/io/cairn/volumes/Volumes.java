package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.Host;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.registry.DiskFiles;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.KnownPools;
import io.cairn.volumes.registry.Registry;
import io.cairn.volumes.registry.RegistryFiles;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of this host: created from options, held and released by whoever uses them, snapshotted, resized and
 * removed. What an operation promises is on disk when it returns; a process or a host that dies half-way leaves what
 * the next {@link #open} puts right (see {@code docs/formats/volume.md}).
 *
 * <p>Expected outcomes are {@link Outcome}s. A {@link io.cairn.host.HostFault}, a {@link VolumesFault} or a
 * {@link io.cairn.volumes.keys.KeyFault} says that the host, the registry or the keys failed; what was begun is undone,
 * or is finished by the next reconciliation. Safe for many threads: one operation at a time on a volume, any number on
 * different ones.
 */
public final class Volumes implements AutoCloseable {
    /** For how long writers may be held off by a snapshot that must copy. */
    public static final Duration FREEZE_MAX_DEFAULT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);

    private final Core core;
    private final Steps steps;
    private final Mounter mounter;
    private final PoolGuard guard;
    private final Holding holding;
    private final Resizing resizing;
    private final Removal removal;
    private final Snapshots snapshots;
    private final Rollback rollback;
    private final KeyCare keyCare;
    private final Creating creating;
    private final Recovery recovery;
    private final Reconciler reconciler;
    private final StatusReport status;
    private final Doctor doctor;
    private final KnownPools known;
    private volatile Reconciliation last = new Reconciliation(List.of(), List.of());
    private @Nullable Keeper keeper;

    private Volumes(Core core, KnownPools known, Steps steps) {
        this.core = core;
        this.known = known;
        this.steps = steps;
        mounter = new Mounter(core);
        guard = new PoolGuard(core, mounter);
        var growth = new Growth(core, mounter);
        holding = new Holding(core, mounter, guard, growth);
        resizing = new Resizing(core, mounter, guard, growth, holding);
        removal = new Removal(core, mounter, holding);
        var copying = new Copying(core, mounter, growth);
        var reserving = new Reserving(core);
        snapshots = new Snapshots(core, copying, guard, reserving);
        rollback = new Rollback(core, holding, snapshots, copying, guard);
        keyCare = new KeyCare(core, mounter, guard);
        creating = new Creating(new Creation(core, mounter, guard, copying, removal), steps);
        recovery = new Recovery(core, mounter, removal, snapshots, rollback, keyCare, growth, reserving);
        reconciler = new Reconciler(core, mounter, holding, recovery);
        status = new StatusReport(core, mounter, guard);
        doctor = new Doctor(core, guard, status);
    }

    /** Opens the registry and puts right what an earlier process left. Starts the periodic reconciliation. */
    public static Volumes open(VolumesOptions options, Host host, KeyProvider keys, Clock clock, Entropy entropy) {
        Steps steps = Steps.fromProperty();
        Volumes volumes = prepare(options, steps.host(host), steps.files(new DiskFiles()), keys, clock, entropy, steps);
        volumes.keeper = new Keeper(volumes.guard::watch, volumes::reconcile);
        return volumes;
    }

    /** As {@link #open}, without the thread that looks after the volumes. */
    static Volumes prepare(
            VolumesOptions options,
            Host host,
            RegistryFiles files,
            KeyProvider keys,
            Clock clock,
            Entropy entropy,
            Steps steps) {
        try {
            Files.createDirectories(options.state());
            if (options.config().pools().values().stream()
                    .noneMatch(pool -> options.mounts().startsWith(pool.directory()))) {
                // In a pool they are made when they are needed: an unmounted pool must not look like a foreign one.
                Files.createDirectories(options.mounts());
            }
        } catch (IOException failure) {
            throw new VolumesFault(
                    "cannot make the directories " + options.state() + " and " + options.mounts() + ": " + failure,
                    failure);
        }
        KnownPools known = KnownPools.open(files, options.state());
        var registry = new Registry(files);
        var pools = new Pools(options.config(), files, known, registry, clock, entropy);
        var core = new Core(options, host, keys, clock, entropy, registry, pools, new Locks(), new Jobs());
        var volumes = new Volumes(core, known, steps);
        try {
            // What cannot be opened now is tried again by every reconciliation, which says so.
            var _ = pools.open();
            volumes.recovery.thaw().forEach(repair -> LOG.warn("{}", repair));
            volumes.reconcile();
            volumes.recovery.limitAgain();
            var _ = volumes.guard.watch();
            return volumes;
        } catch (RuntimeException failure) {
            pools.close();
            throw failure;
        }
    }

    /**
     * Creates a volume from options by their names (see {@code docs/volume-options.md}). Created again with the same
     * options it is done already; while it is still being created, the call joins the first one and waits
     * {@code patience} for it.
     */
    public Outcome<VolumeView> create(VolumeName name, Map<String, String> options) {
        return creating.create(name, options, core.patience()).map(entry -> Views.of(entry, mounter));
    }

    /** Removes a volume for good. Refused while somebody has it, and while it has snapshots that are not named too. */
    public Outcome<VolumeView> remove(VolumeName name, boolean withSnapshots) {
        return steps.during("remove", () -> core.on(name, entry -> removal.remove(entry, withSnapshots)));
    }

    /** Adds a reference, which is on disk before this returns, and mounts the volume if it is not. */
    public Outcome<Held> hold(VolumeName name, HolderId holder) {
        return steps.during("hold", () -> core.on(name, entry -> holding.hold(entry, holder)));
    }

    /** Takes one reference of the holder away, none being no error, and unmounts when nobody is left. */
    public Outcome<Released> release(VolumeName name, HolderId holder) {
        return steps.during("release", () -> core.on(name, entry -> holding.release(entry, holder)));
    }

    /** The volume as the registry has it; asks nobody and waits for nothing. Absent while it is being created. */
    public Optional<VolumeView> find(VolumeName name) {
        return core.registry().find(name).map(entry -> Views.of(entry, mounter));
    }

    /** Every volume, by name. Asks nobody and waits for nothing. */
    public List<VolumeView> list() {
        return core.registry().visible().stream()
                .map(entry -> Views.of(entry, mounter))
                .toList();
    }

    /** The volume with what the kernel says of it: some system calls, no program, no wait for other operations. */
    public Optional<VolumeStatus> status(VolumeName name) {
        return core.registry().find(name).map(status::of);
    }

    /** Makes a volume larger, mounted or not. Never smaller. */
    public Outcome<Resized> resize(VolumeName name, ByteCount size) {
        return steps.during("resize", () -> core.on(name, entry -> resizing.resize(entry, size)));
    }

    /**
     * Takes a snapshot that is consistent on disk. Writers are held off for milliseconds on a pool with reflinks; on
     * others a copy is made while they wait, and given up after {@code freezeMax}.
     */
    public Outcome<SnapshotView> snapshot(VolumeName name, SnapshotName snapshot, Duration freezeMax) {
        return steps.during("snapshot", () -> core.on(name, entry -> snapshots.take(entry, snapshot, freezeMax)));
    }

    /** The snapshots of a volume, oldest first. */
    public Outcome<List<SnapshotView>> snapshots(VolumeName name) {
        return core.on(name, snapshots::list);
    }

    /** Deletes a snapshot; what it shares with others stays. */
    public Outcome<SnapshotView> deleteSnapshot(VolumeName name, SnapshotName snapshot) {
        return steps.during("deleteSnapshot", () -> core.on(name, entry -> snapshots.delete(entry, snapshot)));
    }

    /** Makes the volume what it was at the snapshot; only while it is not mounted. The snapshot stays. */
    public Outcome<SnapshotView> rollback(VolumeName name, SnapshotName snapshot) {
        return steps.during("rollback", () -> core.on(name, entry -> rollback.rollback(entry, snapshot)));
    }

    /** What changed between two snapshots; with no {@code from}, all that {@code to} holds. For incremental backup. */
    public Outcome<Changes> changes(VolumeName name, Optional<SnapshotName> from, SnapshotName to) {
        return core.on(name, entry -> snapshots.changes(entry, from, to));
    }

    /** Gives room that is free in the filesystem back to the pool; returns how much the filesystem named. */
    public Outcome<ByteCount> trim(VolumeName name) {
        return steps.during("trim", () -> core.on(name, new Trimming(core, mounter, holding)::trim));
    }

    /** Gives the volume and its snapshots a new key in place of the present one. No data is encrypted again. */
    public Outcome<KeyRotation> rotateKey(VolumeName name) {
        return steps.during("rotateKey", () -> core.on(name, keyCare::rotate));
    }

    /** Makes a new master key, wraps every volume's key with it, and then destroys the old one. */
    public Outcome<KeyRotation> rotateMasterKey() {
        return steps.during("rotateMasterKey", keyCare::rotateMaster);
    }

    /**
     * Encrypts all data of the volume again, under a new LUKS volume key. Goes on in the background, also after a
     * restart; this returns when it is done, or BUSY when it takes longer than {@code patience}.
     */
    public Outcome<VolumeView> reencrypt(VolumeName name) {
        Outcome<Thread> started = steps.during("reencrypt", () -> core.on(name, keyCare::reencrypt));
        return switch (started) {
            case Outcome.Refused<Thread>(Refusal refusal) -> new Outcome.Refused<>(refusal);
            case Outcome.Done<Thread>(Thread work) -> awaitReencryption(name, work);
        };
    }

    private Outcome<VolumeView> awaitReencryption(VolumeName name, Thread work) {
        try {
            boolean ended = work.join(core.patience());
            Optional<Entry> entry = core.registry().find(name);
            if (ended && entry.isPresent() && !entry.get().record().debts().reencrypt()) {
                return Outcome.done(Views.of(entry.get(), mounter));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return Outcome.refused(
                Refusal.Reason.BUSY,
                "volume '" + name + "' is being encrypted again, which goes on; its status shows it");
    }

    /** Records that a backup of the volume is complete. For the status. */
    public Outcome<VolumeView> recordBackup(VolumeName name, Instant at) {
        return core.on(
                name,
                entry -> Outcome.done(Views.of(core.write(entry, entry.record().withBackup(at)), mounter)));
    }

    /** Every pool that is configured. */
    public List<PoolStatus> pools() {
        return core.pools().all().stream().map(guard::status).toList();
    }

    /** Forgets a pool that is gone for good, so that its directory may become a new, empty one. */
    public Outcome<Path> forgetPool(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        boolean open = core.pools().opened().stream()
                .anyMatch(
                        pool -> pool.directory().equals(path) && pool.problem().isEmpty());
        if (open) {
            return Outcome.refused(Refusal.Reason.IN_USE, "the pool at " + path + " is there and in use");
        }
        return known.forget(path)
                ? Outcome.done(path)
                : Outcome.refused(Refusal.Reason.NOT_FOUND, "no pool is known at " + path);
    }

    /** What the volumes on this host can and cannot rely on. */
    public List<Finding> doctor() {
        return doctor.examine(last);
    }

    /** Compares registry, loop devices, device-mapper and mounts of every namespace, and puts right what it may. */
    public Reconciliation reconcile() {
        Reconciliation found = steps.during("reconcile", reconciler::run);
        found.repairs().forEach(repair -> LOG.info("{}", repair));
        found.problems().stream()
                .filter(problem -> !last.problems().contains(problem))
                .forEach(problem -> LOG.warn("{}", problem));
        last = found;
        return found;
    }

    /** Looks at the room of every pool now, as the background thread does all the time. */
    void watchPools() {
        var _ = guard.watch();
    }

    /** Ends the background work and lets go of nothing: volumes that are held stay mounted, none stays frozen. */
    @Override
    public void close() {
        if (keeper != null) {
            keeper.close();
        }
        guard.thawAll();
        core.pools().close();
    }
}

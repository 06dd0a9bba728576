package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.Host;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    private Volumes() {}

    /** Opens the registry and puts right what an earlier process left. Starts the periodic reconciliation. */
    public static Volumes open(VolumesOptions options, Host host, KeyProvider keys, Clock clock, Entropy entropy) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Creates a volume from options by their names (see {@code docs/volume-options.md}). Created again with the same
     * options it is done already; while it is still being created, the call joins the first one and waits
     * {@code patience} for it.
     */
    public Outcome<VolumeView> create(VolumeName name, Map<String, String> options) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Removes a volume for good. Refused while somebody has it, and while it has snapshots that are not named too. */
    public Outcome<VolumeView> remove(VolumeName name, boolean withSnapshots) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Adds a reference, which is on disk before this returns, and mounts the volume if it is not. */
    public Outcome<Held> hold(VolumeName name, HolderId holder) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Takes one reference of the holder away, none being no error, and unmounts when nobody is left. */
    public Outcome<Released> release(VolumeName name, HolderId holder) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The volume as the registry has it; asks nobody and waits for nothing. Absent while it is being created. */
    public Optional<VolumeView> find(VolumeName name) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Every volume, by name. Asks nobody and waits for nothing. */
    public List<VolumeView> list() {
        throw new UnsupportedOperationException("not yet");
    }

    /** The volume with what the kernel says of it: some system calls, no program, no wait for other operations. */
    public Optional<VolumeStatus> status(VolumeName name) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Makes a volume larger, mounted or not. Never smaller. */
    public Outcome<Resized> resize(VolumeName name, ByteCount size) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Takes a snapshot that is consistent on disk. Writers are held off for milliseconds on a pool with reflinks; on
     * others a copy is made while they wait, and given up after {@code freezeMax}.
     */
    public Outcome<SnapshotView> snapshot(VolumeName name, SnapshotName snapshot, Duration freezeMax) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The snapshots of a volume, oldest first. */
    public Outcome<List<SnapshotView>> snapshots(VolumeName name) {
        throw new UnsupportedOperationException("not yet");
    }

    public Outcome<SnapshotView> deleteSnapshot(VolumeName name, SnapshotName snapshot) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Makes the volume what it was at the snapshot; only while it is not mounted. The snapshot stays. */
    public Outcome<SnapshotView> rollback(VolumeName name, SnapshotName snapshot) {
        throw new UnsupportedOperationException("not yet");
    }

    /** What changed between two snapshots; with no {@code from}, all that {@code to} holds. For incremental backup. */
    public Outcome<Changes> changes(VolumeName name, Optional<SnapshotName> from, SnapshotName to) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Gives room that is free in the filesystem back to the pool; returns how much the filesystem named. */
    public Outcome<ByteCount> trim(VolumeName name) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Gives the volume and its snapshots a new key in place of the present one. No data is encrypted again. */
    public Outcome<KeyRotation> rotateKey(VolumeName name) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Makes a new master key, wraps every volume's key with it, and then destroys the old one. */
    public Outcome<KeyRotation> rotateMasterKey() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Encrypts all data of the volume again, under a new LUKS volume key. Takes long; goes on if interrupted. */
    public Outcome<VolumeView> reencrypt(VolumeName name) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Records that a backup of the volume, taken at its newest snapshot, is complete. For the status. */
    public Outcome<VolumeView> recordBackup(VolumeName name, java.time.Instant at) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Every pool that is configured. */
    public List<PoolStatus> pools() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Forgets a pool that is gone for good, so that its directory may become a new, empty one. */
    public Outcome<Path> forgetPool(Path directory) {
        throw new UnsupportedOperationException("not yet");
    }

    /** What the volumes on this host can and cannot rely on. */
    public List<Finding> doctor() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Compares registry, loop devices, device-mapper and mounts of every namespace, and puts right what it may. */
    public Reconciliation reconcile() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Ends the background work and lets go of nothing: volumes that are held stay mounted, none stays frozen. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}

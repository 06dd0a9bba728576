package io.cairn.volumes.registry;

import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import io.cairn.volumes.spec.VolumeSpec;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is known of a volume: the content of its {@code volume.json}, see {@code docs/formats/volume.md}. */
public record VolumeRecord(
        VolumeId id,
        VolumeName name,
        Instant created,
        Phase phase,
        VolumeSpec spec,
        Mounting mounting,
        Debts debts,
        @Nullable Keys keys,
        List<SnapshotRecord> snapshots,
        @Nullable Instant lastBackup) {
    public VolumeRecord {
        snapshots = List.copyOf(snapshots);
    }

    public static VolumeRecord creating(
            VolumeId id, VolumeName name, Instant created, VolumeSpec spec, Optional<WrappedKey> key) {
        return new VolumeRecord(
                id,
                name,
                created,
                Phase.CREATING,
                spec,
                Mounting.NEVER,
                Debts.none(spec.size()),
                key.map(Keys::of).orElse(null),
                List.of(),
                null);
    }

    public byte[] encode() {
        return Frame.encode(this);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it is damaged or of an unknown format
     */
    public static VolumeRecord decode(byte[] bytes) {
        return Frame.decode(bytes, VolumeRecord.class);
    }

    public VolumeRecord with(Phase other) {
        return new VolumeRecord(id, name, created, other, spec, mounting, debts, keys, snapshots, lastBackup);
    }

    public VolumeRecord with(VolumeSpec other) {
        return new VolumeRecord(id, name, created, phase, other, mounting, debts, keys, snapshots, lastBackup);
    }

    public VolumeRecord with(Mounting other) {
        return new VolumeRecord(id, name, created, phase, spec, other, debts, keys, snapshots, lastBackup);
    }

    public VolumeRecord with(Debts other) {
        return new VolumeRecord(id, name, created, phase, spec, mounting, other, keys, snapshots, lastBackup);
    }

    public VolumeRecord with(Keys other) {
        return new VolumeRecord(id, name, created, phase, spec, mounting, debts, other, snapshots, lastBackup);
    }

    public VolumeRecord with(List<SnapshotRecord> other) {
        return new VolumeRecord(id, name, created, phase, spec, mounting, debts, keys, other, lastBackup);
    }

    public VolumeRecord withBackup(Instant at) {
        return new VolumeRecord(id, name, created, phase, spec, mounting, debts, keys, snapshots, at);
    }

    /** With one snapshot in another form. */
    public VolumeRecord changing(VolumeId snapshot, UnaryOperator<SnapshotRecord> change) {
        return with(snapshots.stream()
                .map(each -> each.id().equals(snapshot) ? change.apply(each) : each)
                .toList());
    }

    public VolumeRecord without(VolumeId snapshot) {
        return with(
                snapshots.stream().filter(each -> !each.id().equals(snapshot)).toList());
    }

    public VolumeRecord plus(SnapshotRecord snapshot) {
        return with(Stream.concat(snapshots.stream(), Stream.of(snapshot)).toList());
    }

    /** The snapshots that people see. */
    public List<SnapshotRecord> visible() {
        return snapshots.stream().filter(SnapshotRecord::ready).toList();
    }

    public Optional<SnapshotRecord> snapshot(SnapshotName called) {
        return snapshots.stream().filter(each -> each.name().equals(called)).findFirst();
    }

    /** The keys of a volume that has some. */
    public Keys theKeys() {
        return Objects.requireNonNull(keys, "an encrypted volume has keys");
    }

    /** Every wrapped key in the record, of the volume and of its snapshots. */
    public Stream<WrappedKey> wrappedKeys() {
        return Stream.concat(
                Stream.ofNullable(keys).flatMap(Keys::all),
                snapshots.stream().map(SnapshotRecord::key).flatMap(Stream::ofNullable));
    }
}

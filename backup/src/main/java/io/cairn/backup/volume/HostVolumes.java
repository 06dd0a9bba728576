package io.cairn.backup.volume;

import io.cairn.backup.SourceFault;
import io.cairn.repository.PageRange;
import io.cairn.volumes.Changes;
import io.cairn.volumes.Outcome;
import io.cairn.volumes.Refusal;
import io.cairn.volumes.SnapshotView;
import io.cairn.volumes.VolumeStatus;
import io.cairn.volumes.VolumeView;
import io.cairn.volumes.Volumes;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The volumes that this process serves. As safe for use by many threads as those. */
public final class HostVolumes implements VolumeControl {
    private final Volumes volumes;

    public HostVolumes(Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public About about(String volume) {
        VolumeStatus status = volumes.status(name(volume))
                .orElseThrow(() -> new SourceFault.Refused(
                        "there is no volume '" + volume + "'; `cairn volume ls` shows those that there are"));
        VolumeView view = status.volume();
        return new About(
                volume,
                view.id().toString(),
                view.size().bytes(),
                view.kind(),
                status.filesystem(),
                status.encryption());
    }

    @Override
    public List<Shot> snapshots(String volume) {
        return done(volumes.snapshots(name(volume))).stream()
                .map(HostVolumes::shot)
                .toList();
    }

    @Override
    public Shot snapshot(String volume, String name) {
        return shot(done(volumes.snapshot(name(volume), new SnapshotName(name), Volumes.FREEZE_MAX_DEFAULT)));
    }

    private static Shot shot(SnapshotView view) {
        return new Shot(view.name().text(), view.created().toString());
    }

    @Override
    public Difference changes(String volume, Optional<String> from, String to) {
        Changes changes = done(volumes.changes(name(volume), from.map(SnapshotName::new), new SnapshotName(to)));
        return new Difference(
                changes.image(),
                changes.size(),
                changes.exact(),
                changes.ranges().stream()
                        .map(range -> new PageRange(range.offset(), range.length()))
                        .toList());
    }

    @Override
    public void delete(String volume, String snapshot) {
        SnapshotView _ = done(volumes.deleteSnapshot(name(volume), new SnapshotName(snapshot)));
    }

    @Override
    public void backedUp(String volume, Instant at) {
        VolumeView _ = done(volumes.recordBackup(name(volume), at));
    }

    private static VolumeName name(String volume) {
        try {
            return new VolumeName(volume);
        } catch (IllegalArgumentException malformed) {
            throw new SourceFault.Refused(String.valueOf(malformed.getMessage()));
        }
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(Refusal refusal) -> throw new SourceFault.Refused(refusal.message());
        };
    }
}

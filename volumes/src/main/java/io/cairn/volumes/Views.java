package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.Host;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.Cipher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Records as others see them. Stateless. */
final class Views {
    private Views() {}

    static VolumeView of(Entry entry, Mounter mounter) {
        VolumeRecord record = entry.record();
        return new VolumeView(
                record.name(),
                record.id(),
                record.created(),
                mounter.mountpoint(record.id()),
                record.mounting().attached(),
                record.mounting().references(),
                record.spec().source().kind(),
                record.spec().size(),
                record.spec().storageClass(),
                record.spec().tier(),
                record.spec().cipher() != Cipher.NONE);
    }

    static SnapshotView of(Entry entry, SnapshotRecord snapshot, Host host) {
        Path file = entry.pool().snapshot(entry.id(), snapshot.id());
        return new SnapshotView(
                snapshot.name(),
                snapshot.created(),
                snapshot.size(),
                Files.exists(file) ? host.images().allocated(file) : ByteCount.of(0),
                snapshot.shared(),
                Duration.ofMillis(snapshot.frozenMillis()),
                Optional.ofNullable(snapshot.warning()));
    }
}

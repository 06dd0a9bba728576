package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.GrowResult;
import io.cairn.host.Host;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Loop;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.VolumeSource;
import java.util.Optional;

/**
 * Growing of volumes. The size is promised in the record first; image, loop device, mapping and filesystem follow, each
 * of which does nothing when it is that large already. The caller has the volume's lock.
 */
final class Growth {
    private final Core core;
    private final Host host;
    private final Mounter mounter;

    Growth(Core core, Mounter mounter) {
        this.core = core;
        this.host = core.host();
        this.mounter = mounter;
    }

    /** The size of the image of a volume of this size. */
    static ByteCount imageSize(Host host, VolumeSource.Image image) {
        long header =
                image.cipher() == Cipher.LUKS2 ? host.encryption().headerSize().bytes() : 0;
        return ByteCount.of(image.size().bytes() + header);
    }

    /** Makes the image of a volume as large as was promised. Redoable. */
    void prepare(Entry entry) {
        if (entry.record().spec().source() instanceof VolumeSource.Image image && owed(entry, image)) {
            host.images().grow(entry.image(), imageSize(host, image));
            if (image.thick()) {
                host.images().reserve(entry.image());
            }
            mounter.loopOf(entry).ifPresent(loop -> host.loops().refreshSize(loop.device()));
        }
    }

    /** True when the filesystem does not have all of its size yet. */
    boolean owed(Entry entry) {
        return entry.record().spec().source() instanceof VolumeSource.Image image && owed(entry, image);
    }

    private static boolean owed(Entry entry, VolumeSource.Image image) {
        return entry.record().debts().grown().compareTo(image.size()) < 0;
    }

    /** Pays the debt of a mounted volume; returns what it still waits for. Redoable. */
    Optional<String> mounted(Entry entry) {
        if (!(entry.record().spec().source() instanceof VolumeSource.Image image) || !owed(entry, image)) {
            return Optional.empty();
        }
        prepare(entry);
        Optional<Loop> loop = mounter.loopOf(entry);
        if (loop.isEmpty()) {
            return Optional.of("the volume has no loop device; the filesystem grows when it is mounted next");
        }
        BlockDevice device = loop.get().device();
        if (image.cipher() == Cipher.LUKS2) {
            try (KeyMaterial key = mounter.key(entry)) {
                host.encryption().resize(Mounter.mapping(entry.id()), key);
            }
            device = mounter.attach(entry).whenDone().orElse(device);
        }
        return switch (host.filesystems().growMounted(image.filesystem(), device, mounter.target(entry))) {
            case GrowResult.Grown() -> {
                settled(entry);
                yield Optional.empty();
            }
            case GrowResult.MustBeUnmounted(String reason) ->
                Optional.of("the filesystem grows when the volume is mounted next: " + reason);
            case GrowResult.MustBeMounted(String reason) -> Optional.of(reason);
        };
    }

    /** As {@link #mounted}, for a volume that has just been brought up. */
    void settle(Entry entry, Mounter.Up up) {
        if (up.grown()) {
            settled(entry);
        } else {
            var _ = mounted(entry);
        }
    }

    private void settled(Entry entry) {
        ByteCount size = entry.record().spec().size();
        core.write(entry, entry.record().with(entry.record().debts().withGrown(size)));
    }
}

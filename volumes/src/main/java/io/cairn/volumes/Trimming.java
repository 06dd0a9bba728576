package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.VolumeSource;

/** Giving free room back to the pool. A volume that nobody has is mounted for it. The caller has the lock. */
final class Trimming {
    private final Core core;
    private final Mounter mounter;
    private final Holding holding;

    Trimming(Core core, Mounter mounter, Holding holding) {
        this.core = core;
        this.mounter = mounter;
        this.holding = holding;
    }

    Outcome<ByteCount> trim(Entry entry) {
        if (!(entry.record().spec().source() instanceof VolumeSource.Image image) || image.thick()) {
            return Outcome.refused(
                    Refusal.Reason.NOT_SUPPORTED,
                    "volume '" + entry.record().name()
                            + "' has no room to give back: only thin volumes with an image have");
        }
        boolean idle = entry.record().mounting().references() == 0;
        Outcome<Entry> mounted = holding.mount(entry);
        return mounted.map(up -> {
            try {
                return core.host().filesystems().trim(mounter.target(up));
            } finally {
                if (idle) {
                    var _ = holding.unmount(up);
                }
            }
        });
    }
}

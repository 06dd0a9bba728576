package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.Sizes;
import io.cairn.volumes.spec.VolumeSource;
import java.util.Optional;

/** Promising a larger size, and keeping it at once where that is possible. The caller has the volume's lock. */
final class Resizing {
    private final Core core;
    private final Mounter mounter;
    private final PoolGuard guard;
    private final Growth growth;
    private final Holding holding;

    Resizing(Core core, Mounter mounter, PoolGuard guard, Growth growth, Holding holding) {
        this.core = core;
        this.mounter = mounter;
        this.guard = guard;
        this.growth = growth;
        this.holding = holding;
    }

    Outcome<Resized> resize(Entry entry, ByteCount asked) {
        Optional<Refusal> refusal = core.poolProblem(entry).or(() -> core.jobProblem(entry));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        if (!(entry.record().spec().source() instanceof VolumeSource.Image image)) {
            return Outcome.refused(
                    Refusal.Reason.NOT_SUPPORTED,
                    "volume '%s' has no image that could grow: it is a %s"
                            .formatted(
                                    entry.record().name(),
                                    entry.record().spec().source().kind()));
        }
        ByteCount size = Sizes.rounded(asked);
        if (size.compareTo(image.size()) < 0) {
            return Outcome.refused(
                    Refusal.Reason.INVALID,
                    "volume '%s' has %s, and volumes only grow; copy its files to a smaller one"
                            .formatted(entry.record().name(), image.size()));
        }
        try {
            Sizes.check(size, image.filesystem());
        } catch (IllegalArgumentException absurd) {
            return Outcome.refused(Refusal.Reason.INVALID, String.valueOf(absurd.getMessage()));
        }
        long more = size.bytes() - image.size().bytes();
        Outcome<Entry> promised = guard.granted(
                entry.pool(),
                more,
                image.thick() ? more : 0,
                "volume '" + entry.record().name() + "'",
                () -> Outcome.done(core.write(
                        entry, entry.record().with(entry.record().spec().withSource(image.withSize(size))))));
        return promised.map(larger -> new Resized(image.size(), size, pay(larger)));
    }

    /** Does what the promise needs now; returns what it still waits for. */
    private Optional<String> pay(Entry entry) {
        if (mounter.mount(entry).isPresent()) {
            return growth.mounted(entry);
        }
        boolean idle = holding.inUse(entry).isEmpty();
        Outcome<Entry> mounted = holding.mount(entry);
        return switch (mounted) {
            case Outcome.Refused<Entry>(Refusal refusal) ->
                Optional.of("the filesystem grows when the volume can be mounted: " + refusal);
            case Outcome.Done<Entry>(Entry up) -> {
                if (idle) {
                    var _ = holding.unmount(up);
                }
                yield growth.owed(up)
                        ? Optional.of("the filesystem grows when the volume is mounted next")
                        : Optional.empty();
            }
        };
    }
}

package io.cairn.volumes;

import io.cairn.volumes.registry.Debts;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.VolumeId;
import java.time.Duration;
import java.util.Optional;

/** Keeping thick volumes thick: after a snapshot, copies of the shared blocks are made in the background. */
final class Reserving {
    private static final Duration LOCK_WAIT = Duration.ofMinutes(5);

    private final Core core;

    Reserving(Core core) {
        this.core = core;
    }

    /** Starts the work that the volume's record owes. */
    void start(Entry entry) {
        VolumeId id = entry.id();
        var _ = core.jobs().start(id, "reserving room again after a snapshot", () -> {
            core.host().images().reserve(entry.image());
            core.locks().within(LOCK_WAIT, id, () -> core.registry().find(id).map(this::done));
        });
    }

    private Entry done(Entry entry) {
        Debts debts = entry.record().debts();
        return core.write(entry, entry.record().with(debts.withReserve(false)));
    }

    /** The thread's work is a debt: whoever looks sees whether it is owed. */
    static Optional<String> owed(Entry entry) {
        return entry.record().debts().reserve()
                ? Optional.of("room that is shared with a snapshot is not reserved yet; until then it is thin")
                : Optional.empty();
    }
}

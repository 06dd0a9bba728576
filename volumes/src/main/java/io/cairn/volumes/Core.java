package io.cairn.volumes;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.Host;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Registry;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What every operation on volumes works with. Safe for many threads. */
record Core(
        VolumesOptions options,
        Host host,
        KeyProvider keys,
        Clock clock,
        Entropy entropy,
        Registry registry,
        Pools pools,
        Locks locks,
        Jobs jobs) {
    /** Runs an operation on a volume that people see, alone, with its record as it is then. */
    <T> Outcome<T> on(VolumeName name, Function<Entry, Outcome<T>> operation) {
        Optional<Entry> found = registry.find(name);
        if (found.isEmpty()) {
            return notFound(name);
        }
        VolumeId id = found.get().id();
        return locks.within(
                        options.patience(),
                        id,
                        () -> registry.find(id)
                                .filter(entry -> registry.find(name).isPresent())
                                .map(operation)
                                .orElseGet(() -> notFound(name)))
                .orElseGet(() -> busy(name));
    }

    private <T> Outcome<T> notFound(VolumeName name) {
        return registry.damage(name)
                .map(problem -> Outcome.<T>refused(Refusal.Reason.DAMAGED, problem))
                .orElseGet(() -> Outcome.refused(Refusal.Reason.NOT_FOUND, "there is no volume '" + name + "'"));
    }

    private static <T> Outcome<T> busy(VolumeName name) {
        return Outcome.refused(
                Refusal.Reason.BUSY, "another operation on volume '" + name + "' goes on; try again later");
    }

    /** Why the volume's pool cannot be used now. */
    Optional<Refusal> poolProblem(Entry entry) {
        return entry.pool().problem().map(text -> new Refusal(Refusal.Reason.POOL_UNAVAILABLE, text));
    }

    /** Why an operation that changes the image cannot be done now: work in the background goes on. */
    Optional<Refusal> jobProblem(Entry entry) {
        return jobs.running(entry.id())
                .map(what -> new Refusal(
                        Refusal.Reason.BUSY, "volume '" + entry.record().name() + "': " + what + " goes on"));
    }

    /** Writes a changed record. */
    Entry write(Entry entry, VolumeRecord record) {
        return registry.write(entry.with(record));
    }

    Duration patience() {
        return options.patience();
    }
}

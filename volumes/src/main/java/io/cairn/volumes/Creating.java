package io.cairn.volumes;

import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.CloneSource;
import io.cairn.volumes.spec.VolumeName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Creations that go on. Each runs on a thread of its own, because it may take longer than a caller waits; whoever asks
 * for the same again joins it. Safe for many threads.
 */
final class Creating {
    private final Creation creation;
    private final Steps steps;
    private final Map<VolumeName, Pending> pending = new ConcurrentHashMap<>();

    Creating(Creation creation, Steps steps) {
        this.creation = creation;
        this.steps = steps;
    }

    /** One creation, and what came of it. */
    private record Pending(Map<String, String> options, CompletableFuture<Outcome<Entry>> outcome) {}

    Outcome<Entry> create(VolumeName name, Map<String, String> options, Duration patience) {
        var mine = new Pending(Map.copyOf(options), new CompletableFuture<>());
        Pending first = pending.putIfAbsent(name, mine);
        if (first == null) {
            Thread.ofVirtual().name("volume-create-" + name).start(() -> run(name, mine));
            return await(name, mine, patience);
        }
        return first.options().equals(mine.options())
                ? await(name, first, patience)
                : Outcome.refused(
                        Refusal.Reason.EXISTS, "volume '" + name + "' is just being created, with other options");
    }

    /** It is no longer pending when those who wait are told: they may ask for another one at once. */
    private void run(VolumeName name, Pending mine) {
        Outcome<Entry> outcome;
        try {
            boolean copies = CloneSource.isIn(mine.options());
            outcome = steps.during(copies ? "clone" : "create", () -> creation.create(name, mine.options()));
        } catch (RuntimeException | Error failure) {
            pending.remove(name, mine);
            mine.outcome().completeExceptionally(failure);
            return;
        }
        pending.remove(name, mine);
        mine.outcome().complete(outcome);
    }

    private static Outcome<Entry> await(VolumeName name, Pending creation, Duration patience) {
        try {
            return creation.outcome().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException longer) {
            return Outcome.refused(
                    Refusal.Reason.BUSY,
                    "volume '" + name + "' is still being created, which goes on; ask again later");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Outcome.refused(Refusal.Reason.BUSY, "interrupted; volume '" + name + "' is still being created");
        }
    }
}

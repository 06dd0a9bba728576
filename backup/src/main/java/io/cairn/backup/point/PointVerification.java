package io.cairn.backup.point;

import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.Verification;
import io.cairn.repository.store.RepositoryFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads a recovery point back, or what a run without verification left, which it then makes a point. One use. */
public final class PointVerification {
    private final Repository repository;
    private final RunListener listener;

    public PointVerification(Repository repository, RunListener listener) {
        this.repository = repository;
        this.listener = listener;
    }

    /** What was read, and what is wrong with which part. */
    public record Result(PointId id, long blobs, long bytes, Map<String, List<String>> errors) {
        public Result {
            errors = Map.copyOf(errors);
        }
    }

    /** Reads every byte of a point's parts and of itself. */
    public Result verify(Catalogue.Entry entry) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        entry.point().parts().stream()
                .filter(part -> !entry.parts().containsKey(part.name()))
                .forEach(part -> errors.put(part.name(), List.of("the part is not in the repository")));
        long blobs = 0;
        long bytes = 0;
        Map<String, Snapshot> snapshots = new LinkedHashMap<>(entry.parts());
        snapshots.put("point", entry.snapshot());
        for (Map.Entry<String, Snapshot> part : snapshots.entrySet()) {
            Verification.Result result = new Verification(repository, listener).verify(part.getValue());
            blobs += result.blobs();
            bytes += result.bytes();
            RunListener.Step step =
                    result.errors().isEmpty() ? RunListener.Step.PART_VERIFIED : RunListener.Step.PART_FAILED;
            listener.step(step, part.getKey(), part.getKey() + ": " + result.bytes() + " bytes read back");
            if (!result.errors().isEmpty()) {
                errors.put(part.getKey(), result.errors());
            }
        }
        return new Result(entry.point().id(), blobs, bytes, errors);
    }

    /** Reads back what a run without verification left, and makes it a point when all is right. */
    public Result finish(PointId id, Supplier<List<EscrowedKey>> keys) {
        Runs runs = new Runs(repository);
        RunRecord record = runs.find(id)
                .filter(run -> run.state() == RunRecord.State.UNVERIFIED)
                .orElseThrow(() -> new RepositoryFault.Refused("the run " + id + " is not one that waits for its"
                        + " verification; list recovery points with `cairn backup ls`, and others with `--partial`"));
        Map<String, String> problems = new LinkedHashMap<>();
        Freeze freeze = new Freeze(repository, listener, listener::step);
        List<PointPart> parts = freeze.verify(record.parts(), problems);
        if (problems.isEmpty()) {
            freeze.write(record, parts, keys.get(), List.of());
            runs.save(record.with(parts, problems)
                    .with(
                            RunRecord.State.COMPLETE,
                            repository.actor().clock().now(),
                            "complete and verified",
                            record.log()));
        }
        Map<String, List<String>> errors = new LinkedHashMap<>();
        problems.forEach((part, sentence) -> errors.put(part, List.of(sentence)));
        long blobs = parts.stream()
                .flatMap(part -> part.verified().stream())
                .mapToLong(PointPart.Verified::blobs)
                .sum();
        long bytes = parts.stream()
                .flatMap(part -> part.verified().stream())
                .mapToLong(PointPart.Verified::bytes)
                .sum();
        return new Result(id, blobs, bytes, errors);
    }
}

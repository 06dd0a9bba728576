package io.cairn.backup.point;

import io.cairn.repository.Notes;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The records of runs in a repository. Stateless but for the repository. */
public final class Runs {
    private final Repository repository;
    private final Notes notes;

    public Runs(Repository repository) {
        this.repository = repository;
        this.notes = new Notes(repository);
    }

    /** Takes an id that no run and no snapshot has, and begins the record of a run under it. */
    RunRecord reserve(String policy) {
        Set<PointId> taken = new HashSet<>();
        for (Snapshot snapshot : repository.snapshots()) {
            PointTags.pointOf(snapshot).ifPresent(taken::add);
        }
        var now = repository.actor().clock().now();
        PointId id = PointId.at(now);
        while (true) {
            RunRecord record = new RunRecord(
                    id,
                    policy,
                    RunRecord.State.RUNNING,
                    RunRecord.Maker.of(repository.actor()),
                    now,
                    Optional.empty(),
                    "running",
                    List.of(),
                    java.util.Map.of(),
                    List.of());
            if (!taken.contains(id) && notes.saveIfAbsent(file(id), record.document())) {
                return record;
            }
            id = id.next();
        }
    }

    void save(RunRecord record) {
        notes.save(file(record.id()), record.document());
    }

    void remove(PointId id) {
        repository.backend().delete(file(id));
    }

    /** The record of a run; empty when there is none, or it cannot be read. */
    public Optional<RunRecord> find(PointId id) {
        try {
            RunRecord record = RunRecord.parse(id, notes.load(file(id)));
            return Optional.of(record);
        } catch (RepositoryFault.Missing | RepositoryFault.Damaged none) {
            return Optional.empty();
        }
    }

    /** All records, oldest first. */
    public List<RunRecord> all() {
        return repository.backend().list(Area.RUNS).keySet().stream()
                .map(name -> name.replace('-', '_'))
                .filter(PointId::isId)
                .map(PointId::new)
                .sorted()
                .map(this::find)
                .flatMap(Optional::stream)
                .toList();
    }

    private static FileName file(PointId id) {
        return new FileName(Area.RUNS, id.fileName());
    }
}

package io.cairn.backup.point;

import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs without a recovery point: what is left of them, and its removal. Stateless but for the repository. */
public final class Partials {
    /** Long enough to look at what is left; its data is reused by the next run in any case. */
    public static final Duration GRACE_DEFAULT = Duration.ofDays(7);

    private final Repository repository;
    private final Runs runs;

    public Partials(Repository repository) {
        this.repository = repository;
        this.runs = new Runs(repository);
    }

    /** A run without a point: its record, if that is there, and the snapshots of its parts. */
    public record Partial(PointId id, Optional<RunRecord> record, List<Snapshot> snapshots, String label) {
        public Partial {
            snapshots = List.copyOf(snapshots);
        }
    }

    /** All of them, oldest first. A run that is under way is among them, and says so. */
    public List<Partial> list() {
        Map<PointId, List<Snapshot>> parts = new TreeMap<>();
        TreeSet<PointId> points = new TreeSet<>();
        for (Snapshot snapshot : repository.snapshots()) {
            PointTags.pointOf(snapshot).ifPresent(id -> {
                if (PointTags.isPoint(snapshot)) {
                    points.add(id);
                } else {
                    parts.computeIfAbsent(id, _ -> new ArrayList<>()).add(snapshot);
                }
            });
        }
        Map<PointId, RunRecord> records = new LinkedHashMap<>();
        runs.all().forEach(record -> records.put(record.id(), record));
        TreeSet<PointId> ids = new TreeSet<>(parts.keySet());
        ids.addAll(records.keySet());
        ids.removeAll(points);
        return ids.stream()
                .map(id -> {
                    Optional<RunRecord> record = Optional.ofNullable(records.get(id));
                    return new Partial(
                            id,
                            record,
                            parts.getOrDefault(id, List.of()),
                            record.map(this::label).orElse("of a run that nothing else is known of"));
                })
                .toList();
    }

    private String label(RunRecord record) {
        return switch (record.state()) {
            case RUNNING -> dead(record) ? "its process ended before the run did" : "under way, or not heard of since";
            case FAILED -> "failed: " + record.sentence();
            case UNVERIFIED -> "complete, not verified: `cairn backup verify " + record.id() + "` makes it a point";
            case COMPLETE -> "forgotten, being removed";
            case COLLECTED -> "being removed";
        };
    }

    private boolean dead(RunRecord record) {
        RunRecord.Maker maker = record.maker();
        return maker.isDead(repository.actor(), Actor.isThere(maker.pid(), maker.started()));
    }

    /**
     * Removes what is left of runs that are older than the grace, and of points that were removed. A run that is still
     * under way then finds that out and makes no point.
     *
     * @return the ids that were removed
     */
    public List<PointId> collect(Duration grace) {
        Instant before = repository.actor().clock().now().minus(grace);
        List<PointId> removed = new ArrayList<>();
        for (Partial partial : list()) {
            if (over(partial, before) && remove(partial)) {
                removed.add(partial.id());
            }
        }
        return removed;
    }

    private static boolean over(Partial partial, Instant before) {
        Instant newest = partial.snapshots().stream()
                .map(Snapshot::time)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        Instant begun = partial.record().map(RunRecord::begun).orElse(Instant.EPOCH);
        boolean going = partial.record()
                .map(record ->
                        record.state() == RunRecord.State.COLLECTED || record.state() == RunRecord.State.COMPLETE)
                .orElse(false);
        return going || newest.isBefore(before) && begun.isBefore(before);
    }

    /** Marks, looks again, removes. */
    private boolean remove(Partial partial) {
        RunRecord record = partial.record().orElseGet(() -> lost(partial));
        Instant now = repository.actor().clock().now();
        runs.save(record.with(RunRecord.State.COLLECTED, now, "its parts are removed", record.log()));
        List<Snapshot> again = repository.snapshots();
        boolean point = again.stream()
                .filter(PointTags::isPoint)
                .anyMatch(snapshot -> PointTags.pointOf(snapshot).equals(Optional.of(partial.id())));
        if (point) {
            // Its maker, too, decides by what it finds: if it saw the mark, it takes the point back.
            runs.save(record);
            return false;
        }
        again.stream()
                .filter(snapshot -> PointTags.pointOf(snapshot).equals(Optional.of(partial.id())))
                .forEach(repository::forget);
        runs.remove(partial.id());
        return true;
    }

    private RunRecord lost(Partial partial) {
        return new RunRecord(
                partial.id(),
                "",
                RunRecord.State.FAILED,
                RunRecord.Maker.of(repository.actor()),
                partial.snapshots().getFirst().time(),
                Optional.empty(),
                "",
                List.of(),
                Map.of(),
                List.of());
    }
}

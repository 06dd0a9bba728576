package io.cairn.backup.point;

import io.cairn.repository.Notes;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The recovery points of a repository, from its snapshots: a point is good when its document is and every part is there
 * by tags and tree. The copies of documents below {@code cairn/points} make the list fast and decide nothing. Stateless
 * but for the repository.
 */
public final class Catalogue {
    private final Repository repository;

    public Catalogue(Repository repository) {
        this.repository = repository;
    }

    /**
     * A point, its snapshot, and the snapshots of its parts by name. {@code problems} are sentences; with one, the
     * point is not good.
     */
    public record Entry(RecoveryPoint point, Snapshot snapshot, Map<String, Snapshot> parts, List<String> problems) {
        public Entry {
            parts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parts));
            problems = List.copyOf(problems);
        }

        public boolean isGood() {
            return problems.isEmpty();
        }
    }

    /** What there is: points oldest first, and points whose document cannot be read, by their snapshots. */
    public record Listing(List<Entry> entries, Map<Snapshot, String> unreadable) {
        /** The points that can be recovered from, oldest first. */
        public List<Entry> good() {
            return entries.stream().filter(Entry::isGood).toList();
        }
    }

    public Listing list() {
        List<Snapshot> all = repository.snapshots();
        Map<PointId, List<Snapshot>> byPoint = new HashMap<>();
        List<Snapshot> points = new ArrayList<>();
        for (Snapshot snapshot : all) {
            if (PointTags.isPoint(snapshot)) {
                points.add(snapshot);
            } else {
                PointTags.pointOf(snapshot)
                        .ifPresent(id -> byPoint.computeIfAbsent(id, _ -> new ArrayList<>())
                                .add(snapshot));
            }
        }
        Set<String> damaged = repository.backend().list(Area.DAMAGED).keySet();
        List<Entry> entries = new ArrayList<>();
        Map<Snapshot, String> unreadable = new LinkedHashMap<>();
        try (Documents documents = new Documents()) {
            for (Snapshot snapshot : points) {
                try {
                    RecoveryPoint point = documents.of(snapshot);
                    entries.add(entry(point, snapshot, byPoint.getOrDefault(point.id(), List.of()), damaged));
                } catch (RepositoryFault.Damaged | RepositoryFault.Missing broken) {
                    unreadable.put(snapshot, String.valueOf(broken.getMessage()));
                }
            }
        }
        entries.sort(Comparator.comparing((Entry entry) -> entry.point().begun())
                .thenComparing(entry -> entry.point().id()));
        return new Listing(List.copyOf(entries), unreadable);
    }

    private static Entry entry(RecoveryPoint point, Snapshot snapshot, List<Snapshot> candidates, Set<String> damaged) {
        Map<String, Snapshot> parts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (PointPart part : point.parts()) {
            Optional<Snapshot> found = candidates.stream().filter(part::is).findFirst();
            found.ifPresentOrElse(
                    there -> parts.put(part.name(), there),
                    () -> problems.add("the part " + part.name() + " is not in the repository"));
            if (found.isPresent() && damaged.contains(found.get().id().toString())) {
                problems.add("the part " + part.name() + " is damaged");
            }
        }
        if (damaged.contains(snapshot.id().toString())) {
            problems.add("its own snapshot is damaged");
        }
        return new Entry(point, snapshot, parts, problems);
    }

    /** The point that people mean by an id, {@code latest}, or the first digits of its snapshot's id. */
    public Entry find(String name) {
        List<Entry> all = list().entries();
        if (name.equals("latest")) {
            List<Entry> good = all.stream().filter(Entry::isGood).toList();
            if (!good.isEmpty()) {
                return good.getLast();
            }
        }
        List<Entry> found = all.stream()
                .filter(entry -> entry.point().id().text().equals(name)
                        || name.length() >= 4
                                && entry.snapshot().id().toString().startsWith(name))
                .toList();
        if (found.size() != 1) {
            throw new RepositoryFault.Refused((found.isEmpty() ? "no recovery point " : "several recovery points are ")
                    + "'" + name + "' in " + repository.backend().place()
                    + (found.isEmpty()
                            ? "; list them with `cairn backup ls`, and those that are not complete with `--partial`"
                            : "; say which by the id of its snapshot: "
                                    + String.join(
                                            ", ",
                                            found.stream()
                                                    .map(entry -> entry.snapshot()
                                                            .id()
                                                            .brief())
                                                    .toList())));
        }
        return found.getFirst();
    }

    /** The content of one file of a point's own snapshot. */
    public byte[] content(Entry entry, String file) {
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            return content(reader, entry.snapshot(), directory(entry.point().id()) + "/" + file);
        }
    }

    static String directory(PointId id) {
        return "/cairn/recovery-points/" + id;
    }

    private static byte[] content(SnapshotReader reader, Snapshot snapshot, String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader.restore(Progress.NONE).stream(snapshot, path, out);
        return out.toByteArray();
    }

    /** The documents of points: from their copies, or from the snapshots themselves, which are then copied. */
    private final class Documents implements AutoCloseable {
        private final Set<String> copies =
                repository.backend().list(Area.POINTS).keySet();
        private final List<SnapshotReader> readers = new ArrayList<>();

        RecoveryPoint of(Snapshot snapshot) {
            PointId id = PointTags.pointOf(snapshot)
                    .orElseThrow(
                            () -> new RepositoryFault.Damaged(snapshot + " says of no recovery point which it is"));
            Optional<RecoveryPoint> copy = copy(snapshot, id);
            if (copy.isPresent()) {
                return copy.get();
            }
            if (readers.isEmpty()) {
                readers.add(SnapshotReader.open(repository));
            }
            String path = directory(id) + "/point.json";
            Map<String, Object> document =
                    Json.object(Json.read(content(readers.getFirst(), snapshot, path), path), path);
            RecoveryPoint point = RecoveryPoint.parse(document, "recovery point " + id);
            if (!point.id().equals(id)) {
                throw new RepositoryFault.Damaged(snapshot + " says that it is " + id + ", its document " + point.id());
            }
            new Notes(repository).save(name(snapshot), document);
            return point;
        }

        private Optional<RecoveryPoint> copy(Snapshot snapshot, PointId id) {
            if (!copies.contains(snapshot.id().toString())) {
                return Optional.empty();
            }
            try {
                RecoveryPoint point = RecoveryPoint.parse(new Notes(repository).load(name(snapshot)), id);
                return point.id().equals(id) ? Optional.of(point) : Optional.empty();
            } catch (RepositoryFault.Missing | RepositoryFault.Damaged useless) {
                return Optional.empty();
            }
        }

        private static FileName name(Snapshot snapshot) {
            return new FileName(Area.POINTS, snapshot.id().toString());
        }

        @Override
        public void close() {
            readers.forEach(SnapshotReader::close);
        }
    }
}

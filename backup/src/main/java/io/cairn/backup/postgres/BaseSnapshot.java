package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A base backup in the repository, and what it says of itself. */
public record BaseSnapshot(
        Snapshot snapshot,
        SourceName name,
        String system,
        long segmentSize,
        long timeline,
        Lsn start,
        Lsn end,
        Instant ended,
        Map<String, String> tablespaces) {
    private static final Pattern PATH = Pattern.compile("/postgres/([^/]+)");
    private static final long FORMAT = 1;

    public BaseSnapshot {
        tablespaces = Map.copyOf(tablespaces);
    }

    /** Empty when the snapshot is of something else. */
    public static Optional<BaseSnapshot> of(SnapshotReader reader, Snapshot snapshot) {
        Matcher path =
                PATH.matcher(snapshot.paths().size() == 1 ? snapshot.paths().getFirst() : "");
        if (!path.matches()) {
            return Optional.empty();
        }
        var name = new SourceName("postgres", path.group(1));
        String file = name.path() + "/" + PostgresSource.ABOUT;
        if (reader.browse().node(snapshot, file).isEmpty()) {
            return Optional.empty();
        }
        var bytes = new ByteArrayOutputStream();
        reader.restore(Progress.NONE).stream(snapshot, file, bytes);
        return Optional.of(read(snapshot, name, Json.object(Json.read(bytes.toByteArray(), file), file)));
    }

    private static BaseSnapshot read(Snapshot snapshot, SourceName name, Map<String, Object> about) {
        if (Json.number(about, "format") != FORMAT) {
            throw new SourceFault.Refused(snapshot + " is a base backup of format " + Json.number(about, "format")
                    + ", which this program does not know: take a newer one");
        }
        Map<String, String> tablespaces = new LinkedHashMap<>();
        Json.object(about.get("tablespaces"), "tablespaces")
                .forEach((number, place) -> tablespaces.put(number, String.valueOf(place)));
        return new BaseSnapshot(
                snapshot,
                name,
                Json.text(about, "system"),
                Json.number(about, "segmentBytes"),
                Json.number(about, "timeline"),
                lsn(about, "start"),
                lsn(about, "end"),
                Json.instant(about, "ended"),
                tablespaces);
    }

    private static Lsn lsn(Map<String, Object> about, String field) {
        return Lsn.parse(Json.text(about, field))
                .orElseThrow(() -> new RepositoryFault.Damaged("a base backup does not say its " + field));
    }

    /** All of one cluster, oldest first. */
    public static List<BaseSnapshot> all(Repository repository, SnapshotReader reader, SourceName name) {
        List<BaseSnapshot> found = new ArrayList<>();
        for (Snapshot snapshot : repository.snapshots()) {
            if (snapshot.paths().equals(name.paths())) {
                of(reader, snapshot).ifPresent(found::add);
            }
        }
        return found;
    }
}

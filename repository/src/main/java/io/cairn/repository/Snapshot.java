package io.cairn.repository;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A state of some paths at a time. Has all fields of its document, those too that this program does not know. */
public record Snapshot(Id id, Map<String, Object> fields) {
    /** The tag of the small snapshot that says which others make one recovery point. */
    public static final String POINT_TAG = "cairn-recovery-point";

    static final Comparator<Snapshot> OLDEST_FIRST =
            Comparator.comparing(Snapshot::time).thenComparing(Snapshot::id);

    static Snapshot parse(Id id, Map<String, Object> fields) {
        if (!Id.isId(Json.text(fields, "tree"))) {
            throw new RepositoryFault.Damaged("snapshot " + id + " names no tree");
        }
        return new Snapshot(id, fields);
    }

    /** The document of a new snapshot. */
    static Map<String, Object> document(
            Instant time, Optional<Snapshot> parent, Id tree, List<String> paths, Actor actor, List<String> tags) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", Json.time(time));
        parent.ifPresent(p -> fields.put("parent", p.id().toString()));
        fields.put("tree", tree.toString());
        fields.put("paths", paths);
        fields.put("hostname", actor.host());
        fields.put("username", actor.user());
        if (actor.uid() != 0) {
            fields.put("uid", actor.uid());
        }
        if (actor.gid() != 0) {
            fields.put("gid", actor.gid());
        }
        if (!tags.isEmpty()) {
            fields.put("tags", tags);
        }
        fields.put("program_version", "cairn");
        return fields;
    }

    public Instant time() {
        return Json.instant(fields, "time");
    }

    public Id tree() {
        return Id.parse(Json.text(fields, "tree"));
    }

    public List<String> paths() {
        return Json.texts(fields, "paths");
    }

    public String host() {
        return Json.text(fields, "hostname");
    }

    public List<String> tags() {
        return Json.texts(fields, "tags");
    }

    @Override
    public String toString() {
        return "snapshot " + id.brief() + " of " + String.join(", ", paths()) + " at " + Json.time(time());
    }
}

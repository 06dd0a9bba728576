package io.cairn.backup.point;

import io.cairn.backup.Taken;
import io.cairn.repository.Snapshot;
import io.cairn.repository.Verification;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a recovery point as its document has it. {@code tree} is the checksum of everything in it; {@code snapshot}
 * the id that its snapshot had when it was made.
 */
public record PointPart(
        String name,
        Instant begun,
        Instant ended,
        Map<String, String> cut,
        Id tree,
        Id snapshot,
        long files,
        long bytes,
        long newBytes,
        long storedBytes,
        Optional<Verified> verified) {
    public PointPart {
        cut = Collections.unmodifiableMap(new LinkedHashMap<>(cut));
    }

    /** When every byte of a part was read and found right. */
    public record Verified(Instant time, long blobs, long bytes) {}

    static PointPart of(String name, Taken taken, Snapshot snapshot) {
        return new PointPart(
                name,
                taken.cut().begun(),
                taken.cut().ended(),
                taken.cut().facts(),
                snapshot.tree(),
                snapshot.id(),
                taken.result().files(),
                taken.result().bytes(),
                taken.result().newBytes(),
                taken.result().storedBytes(),
                Optional.empty());
    }

    PointPart verified(Instant time, Verification.Result result) {
        return new PointPart(
                name,
                begun,
                ended,
                cut,
                tree,
                snapshot,
                files,
                bytes,
                newBytes,
                storedBytes,
                Optional.of(new Verified(time, result.blobs(), result.bytes())));
    }

    /** Whether that snapshot is this part. */
    boolean is(Snapshot candidate) {
        return candidate.tree().equals(tree) && candidate.tags().contains(PointTags.part(name));
    }

    Map<String, Object> document() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("begun", Json.time(begun));
        fields.put("ended", Json.time(ended));
        fields.put("cut", cut);
        fields.put("tree", tree.toString());
        fields.put("snapshot", snapshot.toString());
        fields.put("files", files);
        fields.put("bytes", bytes);
        fields.put("newBytes", newBytes);
        fields.put("storedBytes", storedBytes);
        verified.ifPresent(v -> {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("time", Json.time(v.time()));
            said.put("blobs", v.blobs());
            said.put("bytes", v.bytes());
            fields.put("verified", said);
        });
        return fields;
    }

    static PointPart parse(Object document, Object what) {
        Map<String, Object> fields = Json.object(document, what);
        Map<String, String> cut = new LinkedHashMap<>();
        if (fields.get("cut") instanceof Map<?, ?> facts) {
            facts.forEach((name, value) -> cut.put(String.valueOf(name), String.valueOf(value)));
        }
        Optional<Verified> verified = Optional.empty();
        if (fields.get("verified") instanceof Map<?, ?> said) {
            Map<String, Object> v = Json.object(said, what);
            verified = Optional.of(
                    new Verified(Json.instant(v, "time"), Json.number(v, "blobs"), Json.number(v, "bytes")));
        }
        return new PointPart(
                Json.text(fields, "name"),
                Json.instant(fields, "begun"),
                Json.instant(fields, "ended"),
                cut,
                id(fields, "tree", what),
                id(fields, "snapshot", what),
                Json.number(fields, "files"),
                Json.number(fields, "bytes"),
                Json.number(fields, "newBytes"),
                Json.number(fields, "storedBytes"),
                verified);
    }

    private static Id id(Map<String, Object> fields, String name, Object what) {
        String text = Json.text(fields, name);
        if (!Id.isId(text)) {
            throw new RepositoryFault.Damaged(what + " names no " + name + " for one of its parts");
        }
        return Id.parse(text);
    }
}

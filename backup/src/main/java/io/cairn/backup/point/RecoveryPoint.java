package io.cairn.backup.point;

import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the document of a recovery point says. That it is there does not make it good: {@link Catalogue} looks whether
 * its parts are.
 */
public record RecoveryPoint(
        PointId id,
        String policy,
        String host,
        Instant begun,
        Instant ended,
        List<PointPart> parts,
        Map<String, String> keys) {
    private static final long VERSION = 1;

    public RecoveryPoint {
        parts = List.copyOf(parts);
        keys = Map.copyOf(keys);
    }

    /** Bytes of all parts, before anything is saved by what the repository had. */
    public long bytes() {
        return parts.stream().mapToLong(PointPart::bytes).sum();
    }

    /** Bytes of content that the repository did not have. */
    public long newBytes() {
        return parts.stream().mapToLong(PointPart::newBytes).sum();
    }

    public long storedBytes() {
        return parts.stream().mapToLong(PointPart::storedBytes).sum();
    }

    public Map<String, Object> document() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", VERSION);
        fields.put("id", id.text());
        fields.put("policy", policy);
        fields.put("host", host);
        fields.put("begun", Json.time(begun));
        fields.put("ended", Json.time(ended));
        fields.put("parts", parts.stream().map(PointPart::document).toList());
        fields.put(
                "keys",
                keys.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(key -> Map.of("name", key.getKey(), "says", key.getValue()))
                        .toList());
        return fields;
    }

    static RecoveryPoint parse(Map<String, Object> fields, Object what) {
        if (Json.number(fields, "version") != VERSION) {
            throw new RepositoryFault.Damaged(what + " has version " + Json.number(fields, "version")
                    + ", and this program knows " + VERSION + ": a newer one is needed for it");
        }
        String id = Json.text(fields, "id");
        if (!PointId.isId(id) || !(fields.get("parts") instanceof List<?> parts) || parts.isEmpty()) {
            throw new RepositoryFault.Damaged(what + " has no id of a recovery point, or no parts");
        }
        Map<String, String> keys = new LinkedHashMap<>();
        if (fields.get("keys") instanceof List<?> list) {
            list.stream()
                    .map(key -> Json.object(key, what))
                    .forEach(key -> keys.put(Json.text(key, "name"), Json.text(key, "says")));
        }
        return new RecoveryPoint(
                new PointId(id),
                Json.text(fields, "policy"),
                Json.text(fields, "host"),
                Json.instant(fields, "begun"),
                Json.instant(fields, "ended"),
                parts.stream().map(part -> PointPart.parse(part, what)).toList(),
                keys);
    }
}

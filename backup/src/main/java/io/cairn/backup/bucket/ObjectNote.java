package io.cairn.backup.bucket;

import io.cairn.client.Attributes;
import io.cairn.client.Listed;
import io.cairn.client.ObjectHead;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.store.Json;
import io.cairn.repository.tree.Node;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the file of an object, or of a version of one, carries in its extended attribute. */
record ObjectNote(
        String version, String etag, Instant modified, int order, boolean deleteMarker, Attributes attributes) {
    private static final String NAME = "user.cairn.s3";
    private static final int PERMISSIONS = 0600;

    /** The note of an object that was read. */
    static ObjectNote of(Listed listed, ObjectHead head, int order, Map<String, String> tags) {
        boolean same = head.etag().equals(listed.etag());
        return new ObjectNote(
                listed.version().isEmpty() ? "" : listed.version(),
                head.etag(),
                same ? listed.modified() : head.modified(),
                order,
                false,
                head.attributes().withTags(tags));
    }

    static ObjectNote marker(Listed listed, int order) {
        return new ObjectNote(listed.version(), "", listed.modified(), order, true, Attributes.NONE);
    }

    ObjectNote with(int newOrder, Attributes other) {
        return new ObjectNote(version, etag, modified, newOrder, deleteMarker, other);
    }

    /** Whether a node of an earlier snapshot has what is listed now. */
    static Optional<ObjectNote> same(Optional<Node> earlier, Listed listed) {
        return earlier.flatMap(node -> read(node).filter(note -> node.size() == listed.size()))
                .filter(note -> note.etag.equals(listed.etag())
                        && !note.etag.isEmpty()
                        && note.version.equals(listed.version())
                        && note.modified.equals(listed.modified()));
    }

    TreeBuilder.Entry entry() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", version);
        json.put("etag", etag);
        json.put("modified", Json.time(modified));
        json.put("order", (long) order);
        if (deleteMarker) {
            json.put("deleteMarker", true);
        }
        json.put("headers", attributes.system());
        json.put("metadata", attributes.metadata());
        json.put("tags", attributes.tags());
        byte[] bytes = Json.write(json).getBytes(StandardCharsets.UTF_8);
        return new TreeBuilder.Entry(PERMISSIONS, 0, 0, modified, Map.of(NAME, bytes));
    }

    /** Empty when the node is no object's. */
    static Optional<ObjectNote> read(Node node) {
        byte[] bytes = node.extended().get(NAME);
        if (bytes == null) {
            return Optional.empty();
        }
        Map<String, Object> json = Json.object(Json.read(bytes, "the note of " + node.name()), node.name());
        return Optional.of(new ObjectNote(
                Json.text(json, "version"),
                Json.text(json, "etag"),
                Json.instant(json, "modified"),
                (int) Json.number(json, "order"),
                Boolean.TRUE.equals(json.get("deleteMarker")),
                new Attributes(
                        texts(json, "headers"), texts(json, "metadata"), texts(json, "tags"), Optional.empty())));
    }

    private static Map<String, String> texts(Map<String, Object> json, String name) {
        Map<String, String> texts = new TreeMap<>();
        if (json.get(name) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        }
        return texts;
    }
}

package io.cairn.wire.xml;

import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The request document of DeleteObjects: 1 to 1000 keys. */
public record DeleteRequest(boolean quiet, List<Entry> entries) {
    /** The largest document that makes sense, in bytes. */
    public static final int BYTES_MAX = 4 << 20;

    private static final int KEYS_MAX = 1000;

    /**
     * A key to delete, and what must hold for it.
     *
     * @param etag without quotes, or {@code *}
     */
    public record Entry(
            String key,
            Optional<String> versionId,
            Optional<String> etag,
            Optional<Instant> lastModified,
            Optional<Long> size) {}

    public DeleteRequest {
        entries = List.copyOf(entries);
    }

    public static DeleteRequest parse(byte[] document) {
        XmlElement root = XmlElement.parse(document).requireName("Delete");
        List<Entry> entries = new ArrayList<>();
        for (XmlElement child : root.children()) {
            if (child.name().equals("Object")) {
                entries.add(entry(child));
            }
        }
        if (entries.isEmpty() || entries.size() > KEYS_MAX) {
            throw XmlElement.malformed();
        }
        return new DeleteRequest(
                root.childText("Quiet").filter("true"::equalsIgnoreCase).isPresent(), entries);
    }

    private static Entry entry(XmlElement object) {
        String key = object.child("Key").map(XmlElement::text).orElse("");
        if (key.isEmpty()) {
            throw XmlElement.malformed();
        }
        return new Entry(
                key,
                object.childText("VersionId").filter(id -> !id.isEmpty()),
                object.childText("ETag").map(CompleteRequest::unquoted),
                object.childText("LastModifiedTime")
                        .map(text -> Timestamps.parse(text).orElseThrow(XmlElement::malformed)),
                object.childText("Size").map(DeleteRequest::size));
    }

    private static Long size(String text) {
        try {
            long size = Long.parseLong(text);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException _) {
            throw XmlElement.malformed();
        }
        throw XmlElement.malformed();
    }
}

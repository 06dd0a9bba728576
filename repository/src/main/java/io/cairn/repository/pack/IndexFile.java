package io.cairn.repository.pack;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The JSON of an index file. Read as a stream: all index files of a large repository do not fit into memory. Stateless.
 */
public final class IndexFile {
    private static final int BYTES_PER_BLOB = 160;

    private IndexFile() {}

    /** The document that lists these packs. */
    public static byte[] encode(Map<Id, List<PackedBlob>> packs) {
        int blobs = packs.values().stream().mapToInt(List::size).sum();
        StringBuilder out = new StringBuilder(blobs * BYTES_PER_BLOB + 64);
        out.append("{\"packs\":[");
        String separator = "";
        for (Map.Entry<Id, List<PackedBlob>> pack : packs.entrySet()) {
            out.append(separator).append("{\"id\":\"").append(pack.getKey()).append("\",\"blobs\":[");
            String comma = "";
            for (PackedBlob blob : pack.getValue()) {
                out.append(comma);
                encode(out, blob);
                comma = ",";
            }
            out.append("]}");
            separator = ",";
        }
        return out.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void encode(StringBuilder out, PackedBlob blob) {
        out.append("{\"id\":\"").append(blob.id());
        out.append("\",\"type\":\"").append(blob.type().word());
        out.append("\",\"offset\":").append(blob.offset());
        out.append(",\"length\":").append(blob.length());
        if (blob.compressed()) {
            out.append(",\"uncompressed_length\":").append(blob.plainLength());
        }
        out.append('}');
    }

    /** Hands each pack of the document to {@code sink}. */
    public static void decode(byte[] bytes, Object what, BiConsumer<Id, List<PackedBlob>> sink) {
        try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
            expect(parser, JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("packs") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        pack(parser, sink);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException | IllegalArgumentException | IllegalStateException broken) {
            throw new RepositoryFault.Damaged(
                    what + " is not an index file; run `cairn repo check --repair-index`", broken);
        }
    }

    private static void pack(JsonParser parser, BiConsumer<Id, List<PackedBlob>> sink) {
        Id id = null;
        List<PackedBlob> blobs = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("id")) {
                id = Id.parse(parser.getString());
            } else if (name.equals("blobs") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    blobs.add(blob(parser));
                }
            } else {
                parser.skipChildren();
            }
        }
        if (id == null) {
            throw new IllegalStateException("a pack without an id");
        }
        sink.accept(id, blobs);
    }

    private static PackedBlob blob(JsonParser parser) {
        Id id = null;
        BlobType type = BlobType.DATA;
        int offset = 0;
        int length = 0;
        int plainLength = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> id = Id.parse(parser.getString());
                case "type" -> type = type(parser.getString());
                case "offset" -> offset = parser.getIntValue();
                case "length" -> length = parser.getIntValue();
                case "uncompressed_length" -> plainLength = parser.getIntValue();
                default -> parser.skipChildren();
            }
        }
        if (id == null) {
            throw new IllegalStateException("a blob without an id");
        }
        return new PackedBlob(type, id, offset, length, plainLength);
    }

    private static BlobType type(String word) {
        for (BlobType type : BlobType.values()) {
            if (type.word().equals(word)) {
                return type;
            }
        }
        throw new IllegalStateException("no type of blob: " + word);
    }

    private static void expect(JsonParser parser, JsonToken token) {
        if (parser.nextToken() != token) {
            throw new IllegalStateException("does not begin with an object");
        }
    }
}

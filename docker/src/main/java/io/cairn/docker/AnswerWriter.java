package io.cairn.docker;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the answers of the protocol as JSON in UTF-8. Stateless. */
final class AnswerWriter {
    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final int ERROR_CHARS_MAX = 4096;
    private static final int FIRST_BYTES = 512;

    private AnswerWriter() {}

    /** Writes the members of an answer's object. */
    private interface Members {
        void write(JsonGenerator json);
    }

    private static byte[] object(Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    static byte[] activated() {
        return object(json -> {
            json.writeArrayPropertyStart("Implements");
            json.writeString("VolumeDriver");
            json.writeEndArray();
        });
    }

    /** Volumes are this host's alone. */
    static byte[] capabilities() {
        return object(json -> {
            json.writeObjectPropertyStart("Capabilities");
            json.writeStringProperty("Scope", "local");
            json.writeEndObject();
        });
    }

    static byte[] done() {
        return error("");
    }

    /** An error, which Docker shows as it is; the empty one means success. */
    static byte[] error(String sentence) {
        return object(json -> json.writeStringProperty("Err", printable(sentence)));
    }

    static byte[] mountpoint(String path) {
        return object(json -> {
            json.writeStringProperty("Mountpoint", path);
            json.writeStringProperty("Err", "");
        });
    }

    static byte[] volume(DriverVolume volume) {
        return object(json -> {
            json.writeObjectPropertyStart("Volume");
            members(json, volume);
            json.writeEndObject();
            json.writeStringProperty("Err", "");
        });
    }

    static byte[] volumes(List<DriverVolume> volumes) {
        return object(json -> {
            json.writeArrayPropertyStart("Volumes");
            for (DriverVolume volume : volumes) {
                json.writeStartObject();
                members(json, volume);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("Err", "");
        });
    }

    private static void members(JsonGenerator json, DriverVolume volume) {
        json.writeStringProperty("Name", volume.name());
        json.writeStringProperty("Mountpoint", volume.mountpoint());
        json.writeStringProperty("CreatedAt", volume.createdAt());
        if (!volume.status().isEmpty()) {
            json.writeName("Status");
            value(json, volume.status());
        }
    }

    private static void value(JsonGenerator json, Object value) {
        switch (value) {
            case String text -> json.writeString(printable(text));
            case Boolean truth -> json.writeBoolean(truth);
            case Number number -> json.writeNumber(number.longValue());
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(each -> value(json, each));
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                sorted(map).forEach((name, each) -> {
                    json.writeName(name);
                    value(json, each);
                });
                json.writeEndObject();
            }
            default -> throw new IllegalStateException("a status holds no " + value.getClass());
        }
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((name, value) -> sorted.put(String.valueOf(name), value));
        return sorted;
    }

    /** Without what a terminal would obey or UTF-8 cannot hold: it may repeat what a client sent. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(Math.min(text.length(), ERROR_CHARS_MAX));
        for (int i = 0; i < text.length() && printable.length() < ERROR_CHARS_MAX; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            boolean kept = point == '\n' || !Character.isISOControl(point) && !isSurrogate(point);
            printable.appendCodePoint(kept ? point : '?');
        }
        return printable.toString();
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}

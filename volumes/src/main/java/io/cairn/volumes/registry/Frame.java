package io.cairn.volumes.registry;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import io.cairn.base.ByteCount;
import io.cairn.volumes.keys.ProviderKind;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/** The frame that all files of a registry have: a format number first, JSON, a checksum last. Stateless. */
final class Frame {
    private static final int FORMAT = 1;
    private static final String CHECKSUM = "\"crc32c\"";
    private static final JsonMapper MAPPER = mapper();

    private Frame() {}

    static byte[] encode(Object content) {
        String body = MAPPER.writeValueAsString(content).strip();
        String start = "{\n  \"format\" : " + FORMAT + ","
                + body.substring(1, body.length() - 1).stripTrailing() + ",\n  ";
        byte[] bytes = start.getBytes(StandardCharsets.UTF_8);
        return (start + CHECKSUM + " : \"" + checksum(bytes, bytes.length) + "\"\n}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The content of a file.
     *
     * @throws IllegalArgumentException when the bytes are damaged or of an unknown format; the message says which
     */
    static <T> T decode(byte[] bytes, Class<T> type) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int last = text.lastIndexOf(CHECKSUM);
        if (last < 0) {
            throw new IllegalArgumentException("it has no checksum: it is cut short, or something else");
        }
        int covered = text.substring(0, last).getBytes(StandardCharsets.UTF_8).length;
        if (covered > bytes.length
                || !text.substring(last).equals(CHECKSUM + " : \"" + checksum(bytes, covered) + "\"\n}\n")) {
            throw new IllegalArgumentException("its checksum does not match: it is damaged");
        }
        try {
            ObjectNode root = (ObjectNode) MAPPER.readTree(text);
            int format = root.path("format").asInt(0);
            if (format != FORMAT) {
                throw new IllegalArgumentException("format " + format + ", this program reads " + FORMAT);
            }
            root.remove("format");
            root.remove("crc32c");
            return MAPPER.treeToValue(root, type);
        } catch (JacksonException | ClassCastException malformed) {
            throw new IllegalArgumentException("not what it should hold: " + firstLine(malformed), malformed);
        }
    }

    private static String firstLine(RuntimeException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static String checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static JsonMapper mapper() {
        var module = new SimpleModule("registry");
        text(module, VolumeId.class, VolumeId::text, VolumeId::new);
        text(module, VolumeName.class, VolumeName::text, VolumeName::new);
        text(module, SnapshotName.class, SnapshotName::text, SnapshotName::new);
        text(module, HolderId.class, HolderId::text, HolderId::new);
        text(
                module,
                ProviderKind.class,
                ProviderKind::word,
                word -> ProviderKind.of(word).orElseThrow());
        module.addSerializer(ByteCount.class, new ValueSerializer<>() {
            @Override
            public void serialize(ByteCount value, JsonGenerator out, SerializationContext context) {
                out.writeNumber(value.bytes());
            }
        });
        module.addDeserializer(ByteCount.class, new ValueDeserializer<>() {
            @Override
            public ByteCount deserialize(JsonParser in, DeserializationContext context) {
                return ByteCount.of(in.getLongValue());
            }
        });
        return JsonMapper.builder()
                // Records are their components; isNone() and the like are not among them.
                .changeDefaultVisibility(visible -> visible.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
                .addModule(module)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
    }

    /** A noun that is one string, as a value and as a key. */
    private static <T> void text(
            SimpleModule module, Class<T> type, Function<T, String> form, Function<String, T> read) {
        module.addSerializer(type, new ValueSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeString(form.apply(value));
            }
        });
        module.addKeySerializer(type, new ValueSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeName(form.apply(value));
            }
        });
        module.addDeserializer(type, new ValueDeserializer<>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                return read.apply(in.getString());
            }
        });
        module.addKeyDeserializer(type, new KeyDeserializer() {
            @Override
            public Object deserializeKey(String key, DeserializationContext context) {
                return read.apply(key);
            }
        });
    }

    /** The name of a volume in a file that may be damaged, as far as it can be made out. */
    static java.util.Optional<VolumeName> nameIn(byte[] bytes) {
        var found = java.util.regex.Pattern.compile("\"name\" : \"([A-Za-z0-9][A-Za-z0-9_.-]{0,127})\"")
                .matcher(new String(Arrays.copyOf(bytes, Math.min(bytes.length, 1 << 16)), StandardCharsets.UTF_8));
        return found.find() ? java.util.Optional.of(new VolumeName(found.group(1))) : java.util.Optional.empty();
    }
}

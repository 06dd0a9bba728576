package io.cairn.docker;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the bodies of Docker's calls: one JSON object with {@code Name}, {@code ID} and {@code Opts}; other fields are
 * skipped, for later versions of Docker. Whatever else arrives is refused. Reads token by token, since a call is asked
 * for many times a second. Stateless.
 */
final class CallDecoder {
    private static final int DEPTH_MAX = 16;
    private static final int TEXT_MAX = 32 << 10;
    private static final int OPTIONS_MAX = 256;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(TEXT_MAX)
                    .maxNameLength(TEXT_MAX)
                    .maxNumberLength(64)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private CallDecoder() {}

    /** What a body may say; empty where it does not. */
    private static final class Fields {
        private String name = "";
        private String id = "";
        private Map<String, String> options = Map.of();

        String named() {
            if (name.isEmpty()) {
                throw new PluginRefusal("the call names no volume (field Name)");
            }
            return name;
        }

        String identified() {
            if (id.isEmpty()) {
                throw new PluginRefusal("the call has no mount id (field ID)");
            }
            return id;
        }
    }

    /** The call; {@link PluginRefusal} when the body does not make one. */
    static PluginCall decode(CallKind kind, byte[] body, int length) {
        Fields fields = read(body, length);
        return switch (kind) {
            case ACTIVATE -> new PluginCall.Activate();
            case CAPABILITIES -> new PluginCall.Capabilities();
            case CREATE -> new PluginCall.Create(fields.named(), fields.options);
            case REMOVE -> new PluginCall.Remove(fields.named());
            case MOUNT -> new PluginCall.Mount(fields.named(), fields.identified());
            case UNMOUNT -> new PluginCall.Unmount(fields.named(), fields.identified());
            case PATH -> new PluginCall.MountPath(fields.named());
            case GET -> new PluginCall.Get(fields.named());
            case LIST -> new PluginCall.ListAll();
        };
    }

    private static Fields read(byte[] body, int length) {
        Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body, 0, length)) {
            JsonToken first = json.nextToken();
            if (first == null) {
                return fields;
            }
            if (first != JsonToken.START_OBJECT) {
                throw new PluginRefusal("the body of the call is not a JSON object");
            }
            for (String field = json.nextName(); field != null; field = json.nextName()) {
                read(json, field, fields);
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new PluginRefusal("there is more in the body of the call than one JSON object");
            }
            return fields;
        } catch (JacksonException malformed) {
            throw new PluginRefusal("the body of the call is not the JSON that was expected: "
                    + String.valueOf(malformed.getOriginalMessage()));
        }
    }

    private static void read(JsonParser json, String field, Fields fields) {
        JsonToken value = json.nextToken();
        switch (field) {
            case "Name" -> fields.name = text(json, value, field);
            case "ID" -> fields.id = text(json, value, field);
            case "Opts" -> fields.options = options(json, value);
            default -> json.skipChildren();
        }
    }

    private static String text(JsonParser json, JsonToken value, String field) {
        if (value == JsonToken.VALUE_NULL) {
            return "";
        }
        if (value != JsonToken.VALUE_STRING) {
            throw new PluginRefusal("the field " + field + " of the call is not a string");
        }
        return json.getString();
    }

    private static Map<String, String> options(JsonParser json, JsonToken value) {
        if (value == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        if (value != JsonToken.START_OBJECT) {
            throw new PluginRefusal("the field Opts of the call is not an object");
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (String option = json.nextName(); option != null; option = json.nextName()) {
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw new PluginRefusal("the value of the option " + option + " is not a string");
            }
            options.put(option, json.getString());
            if (options.size() > OPTIONS_MAX) {
                throw new PluginRefusal("more than " + OPTIONS_MAX + " options");
            }
        }
        return options;
    }
}

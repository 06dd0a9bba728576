package io.cairn.wire.form;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads the JSON of a policy, strictly: names twice, unknown names and shapes are refused. Belongs to one thread. */
final class PolicyReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxStringLength(UploadForm.FIELD_BYTES_MAX)
                    .maxNameLength(1024)
                    .maxNumberLength(20)
                    .maxDocumentLength(UploadForm.FIELD_BYTES_MAX)
                    .build())
            .build();

    private final JsonParser json;
    private final List<PostPolicy.Condition> conditions = new ArrayList<>();
    private Optional<Instant> expiration = Optional.empty();

    private PolicyReader(JsonParser json) {
        this.json = json;
    }

    static PostPolicy read(String base64) {
        byte[] document;
        try {
            document = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw invalid("it is not base64.");
        }
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            return new PolicyReader(json).readPolicy();
        } catch (JacksonException _) {
            throw invalid("it is not well-formed JSON.");
        }
    }

    private PostPolicy readPolicy() {
        require(json.nextToken() == JsonToken.START_OBJECT);
        boolean hasConditions = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            switch (json.currentName()) {
                case "expiration" -> expiration = Timestamps.parse(nextString());
                case "conditions" -> {
                    hasConditions = true;
                    readConditions();
                }
                default -> throw invalid("Unexpected: '" + json.currentName() + "'.");
            }
        }
        require(json.nextToken() == null);
        if (!hasConditions) {
            throw invalid("Policy missing conditions.");
        }
        return new PostPolicy(expiration.orElseThrow(() -> invalid("Invalid 'expiration' value.")), conditions);
    }

    private void readConditions() {
        require(json.nextToken() == JsonToken.START_ARRAY);
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                readEquals();
            } else {
                require(token == JsonToken.START_ARRAY);
                readOperation();
            }
        }
    }

    private void readEquals() {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName().toLowerCase(Locale.ROOT);
            conditions.add(new PostPolicy.Condition.Equal(field, nextString()));
        }
        require(json.currentToken() == JsonToken.END_OBJECT);
    }

    private void readOperation() {
        switch (nextString().toLowerCase(Locale.ROOT)) {
            case "eq" -> conditions.add(new PostPolicy.Condition.Equal(nextField(), nextString()));
            case "starts-with" -> conditions.add(new PostPolicy.Condition.StartsWith(nextField(), nextString()));
            case "content-length-range" ->
                conditions.add(new PostPolicy.Condition.LengthRange(nextLength(), nextLength()));
            default -> throw invalid("Invalid Condition: unknown operation.");
        }
        require(json.nextToken() == JsonToken.END_ARRAY);
    }

    private String nextField() {
        String field = nextString();
        if (!field.startsWith("$")) {
            throw invalid("Invalid Condition: a field starts with '$'.");
        }
        return field.substring(1).toLowerCase(Locale.ROOT);
    }

    private String nextString() {
        require(json.nextToken() == JsonToken.VALUE_STRING);
        return json.getString();
    }

    private long nextLength() {
        JsonToken token = json.nextToken();
        require(token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING);
        try {
            long length = Long.parseLong(json.getString());
            require(length >= 0);
            return length;
        } catch (NumberFormatException _) {
            throw invalid("Invalid Condition: a length is a whole number.");
        }
    }

    private static void require(boolean expected) {
        if (!expected) {
            throw invalid("Invalid JSON.");
        }
    }

    private static S3Exception invalid(String reason) {
        return new S3Exception(S3Error.INVALID_POLICY_DOCUMENT, "Invalid Policy: " + reason);
    }
}

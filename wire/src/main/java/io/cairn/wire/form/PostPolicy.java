package io.cairn.wire.form;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a signed form may upload, and until when. */
public record PostPolicy(Instant expiration, List<Condition> conditions) {
    private static final Set<String> UNCHECKED = Set.of("policy", "x-amz-signature", "file");
    private static final String IGNORED_PREFIX = "x-ignore-";

    /** One condition of a policy; fields are named in lower case without the dollar sign. */
    public sealed interface Condition {
        /** The field has exactly that value. */
        record Equal(String field, String value) implements Condition {}

        /** The field's value starts with that text. */
        record StartsWith(String field, String prefix) implements Condition {}

        /** The file has that many bytes, both ends included. */
        record LengthRange(long bytesMin, long bytesMax) implements Condition {}
    }

    public PostPolicy {
        conditions = List.copyOf(conditions);
    }

    /** Reads a policy as the form holds it: JSON in base64. */
    public static PostPolicy parse(String base64) {
        return PolicyReader.read(base64);
    }

    /**
     * Fails with {@code AccessDenied} unless the policy is still good, every condition on a field holds and every field
     * is named in a condition. The range of the file's length is for {@link #fileBytesMin()} and
     * {@link #fileBytesMax()}.
     *
     * @param fields the form's fields by lower-case name
     * @param bucket the bucket that the form was posted to, whatever its fields say
     * @param key the key with the file's name put in
     */
    public void check(Map<String, String> fields, String bucket, String key, Instant now) {
        if (!now.isBefore(expiration)) {
            throw refused("Policy expired.");
        }
        for (Condition condition : conditions) {
            switch (condition) {
                case Condition.Equal(String field, String value) -> {
                    if (!value(fields, bucket, key, field).equals(value)) {
                        throw failed("eq", field, value);
                    }
                }
                case Condition.StartsWith(String field, String prefix) -> {
                    if (!value(fields, bucket, key, field).startsWith(prefix)) {
                        throw failed("starts-with", field, prefix);
                    }
                }
                case Condition.LengthRange _ -> {}
            }
        }
        for (String field : fields.keySet()) {
            if (!UNCHECKED.contains(field) && !field.startsWith(IGNORED_PREFIX) && !isNamed(field)) {
                throw refused("Extra input fields: " + field);
            }
        }
    }

    /** The fewest bytes that the file may have. */
    public long fileBytesMin() {
        return ranges().stream()
                .mapToLong(Condition.LengthRange::bytesMin)
                .max()
                .orElse(0);
    }

    /** The most bytes that the file may have. */
    public long fileBytesMax() {
        return ranges().stream()
                .mapToLong(Condition.LengthRange::bytesMax)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private List<Condition.LengthRange> ranges() {
        return conditions.stream()
                .filter(Condition.LengthRange.class::isInstance)
                .map(Condition.LengthRange.class::cast)
                .toList();
    }

    private boolean isNamed(String field) {
        return conditions.stream().anyMatch(condition -> switch (condition) {
            case Condition.Equal equal -> equal.field().equals(field);
            case Condition.StartsWith startsWith -> startsWith.field().equals(field);
            case Condition.LengthRange _ -> false;
        });
    }

    private static String value(Map<String, String> fields, String bucket, String key, String field) {
        return switch (field) {
            case "bucket" -> bucket;
            case "key" -> key;
            default -> fields.getOrDefault(field, "");
        };
    }

    private static S3Exception failed(String operator, String field, String value) {
        return refused("Policy Condition failed: [\"" + operator + "\", \"$" + field.toLowerCase(Locale.ROOT) + "\", \""
                + value + "\"]");
    }

    private static S3Exception refused(String reason) {
        return new S3Exception(S3Error.ACCESS_DENIED, "Invalid according to Policy: " + reason);
    }
}

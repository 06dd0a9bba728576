package io.cairn.s3.request;

import io.cairn.model.PartRow;
import io.cairn.model.UploadId;
import io.cairn.wire.Query;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.OptionalInt;

/** A query's parameters as S3 understands them. */
record Parameters(Query query) {
    private static final int DIGITS_MAX = 10;

    boolean has(String name) {
        return query.has(name);
    }

    /** The value of the parameter, empty when it is absent. */
    String text(String name) {
        return query.value(name).orElse("");
    }

    /** Refuses a request that has one of these, which its method does not know. */
    void requireNone(String... names) {
        for (String name : names) {
            if (has(name)) {
                throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
            }
        }
    }

    /** A number from 0 on, cut to {@code most}; {@code otherwise} when the parameter is absent or empty. */
    int count(String name, int otherwise, int most) {
        String text = text(name);
        return text.isEmpty() ? otherwise : count(name, text, most);
    }

    /** As {@link #count(String, int, int)} for a value at hand. */
    static int count(String name, String text, int most) {
        return (int) Math.min(most, number(name, text));
    }

    /** The {@code partNumber}, if there is one; 1 to 10,000. */
    OptionalInt partNumber() {
        String text = text("partNumber");
        if (!has("partNumber")) {
            return OptionalInt.empty();
        }
        long number = number("partNumber", text);
        if (number < 1 || number > PartRow.NUMBER_MAX) {
            throw invalid("partNumber", text, "Part number must be an integer between 1 and 10000, inclusive");
        }
        return OptionalInt.of((int) number);
    }

    UploadId uploadId() {
        String text = text("uploadId");
        if (text.isEmpty()) {
            throw invalid("uploadId", text, "This operation does not accept a query-string uploadId that is empty.");
        }
        try {
            return new UploadId(text);
        } catch (IllegalArgumentException _) {
            throw new S3Exception(S3Error.NO_SUCH_UPLOAD).with("UploadId", text);
        }
    }

    Listing listing(String limitName) {
        String encoding = text("encoding-type");
        if (!encoding.isEmpty() && !encoding.equals("url")) {
            throw invalid("encoding-type", encoding, "Invalid Encoding Method specified in Request");
        }
        int limit = count(limitName, Listing.LIMIT_MAX, Listing.LIMIT_MAX);
        return new Listing(text("prefix"), text("delimiter"), limit, !encoding.isEmpty());
    }

    static S3Exception invalid(String name, String value, String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }

    private static long number(String name, String text) {
        boolean sound = !text.isEmpty()
                && text.length() <= DIGITS_MAX
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(text) <= Integer.MAX_VALUE;
        if (!sound) {
            throw invalid(name, text, "Argument " + name + " must be an integer between 0 and 2147483647");
        }
        return Long.parseLong(text);
    }
}

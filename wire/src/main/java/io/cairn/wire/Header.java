package io.cairn.wire;

import java.util.List;
import java.util.Optional;

/**
 * One header field as it stood in the message: a name in any case, and a value of one {@code char} per byte
 * (ISO-8859-1), so that signatures can be checked over the very bytes that were signed.
 */
public record Header(String name, String value) {
    /** Whether this is a field of that name, in any case. */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The value of the first field of that name. */
    public static Optional<String> first(List<Header> headers, String name) {
        for (Header header : headers) {
            if (header.is(name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }
}

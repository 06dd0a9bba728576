package io.cairn.wire;

/**
 * One header field as it stood in the message: a name in any case, and a value of one {@code char} per byte
 * (ISO-8859-1), so that signatures can be checked over the very bytes that were signed.
 */
public record Header(String name, String value) {
    /** Whether this is a field of that name, in any case. */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}

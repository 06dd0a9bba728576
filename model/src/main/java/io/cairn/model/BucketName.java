package io.cairn.model;

import java.util.regex.Pattern;

/** A bucket's name by the rules of S3: 3 to 63 lower-case letters, digits, dots and hyphens; not an IP address. */
public record BucketName(String value) implements Comparable<BucketName> {
    private static final Pattern VALID = Pattern.compile("[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]");
    private static final Pattern IP_ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    public BucketName {
        if (!valid(value)) {
            throw new IllegalArgumentException("not a bucket name: '" + value + "'");
        }
    }

    /** Whether S3 would accept the name for a new bucket. */
    public static boolean valid(String value) {
        return VALID.matcher(value).matches() && !IP_ADDRESS.matcher(value).matches();
    }

    @Override
    public int compareTo(BucketName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.cairn.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a request's path and host point at: the service, a bucket, or a key in a bucket. */
public record Address(Optional<String> bucket, Optional<String> key) {
    /** The longest key, in bytes of UTF-8. */
    public static final int KEY_BYTES_MAX = 1024;

    public Address {
        if (bucket.isEmpty() && key.isPresent()) {
            throw new IllegalArgumentException("a key needs a bucket");
        }
        key.ifPresent(Address::requireKeyLength);
    }

    /** The service itself. */
    public static Address service() {
        return new Address(Optional.empty(), Optional.empty());
    }

    /** A bucket, or a key in it when the key is not empty. */
    public static Address of(String bucket, String key) {
        return new Address(Optional.of(bucket), key.isEmpty() ? Optional.empty() : Optional.of(key));
    }

    private static void requireKeyLength(String key) {
        if (key.length() * 3L <= KEY_BYTES_MAX) {
            return;
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > KEY_BYTES_MAX) {
            throw new S3Exception(S3Error.KEY_TOO_LONG).with("Size", bytes).with("MaxSizeAllowed", KEY_BYTES_MAX);
        }
    }
}

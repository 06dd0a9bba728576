package io.cairn.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An object's key: 1 to 1024 bytes of UTF-8, any characters. Ordered by its bytes, as S3 lists. */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
    /** The longest key, in bytes of UTF-8. */
    public static final int BYTES_MAX = 1024;

    public ObjectKey {
        int length = value.length();
        if (length == 0 || length > BYTES_MAX || length > BYTES_MAX / 3 && utf8Length(value) > BYTES_MAX) {
            throw new IllegalArgumentException("an object key has 1 to 1024 bytes of UTF-8, not " + utf8Length(value));
        }
    }

    /** The key whose UTF-8 form is the given bytes. */
    public static ObjectKey ofUtf8(byte[] bytes) {
        return new ObjectKey(new String(bytes, StandardCharsets.UTF_8));
    }

    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static int utf8Length(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public int compareTo(ObjectKey other) {
        return Arrays.compareUnsigned(utf8(), other.utf8());
    }

    @Override
    public String toString() {
        return value;
    }
}

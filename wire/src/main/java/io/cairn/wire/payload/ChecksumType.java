package io.cairn.wire.payload;

import java.util.Optional;

/** What the checksum of a multipart object covers: the whole object's bytes, or its parts' checksums. */
public enum ChecksumType {
    COMPOSITE,
    FULL_OBJECT;

    /** The type of that S3 name; empty when there is none such. */
    public static Optional<ChecksumType> named(String s3Name) {
        for (ChecksumType type : values()) {
            if (type.name().equalsIgnoreCase(s3Name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}

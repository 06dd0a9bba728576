package io.cairn.s3;

import io.cairn.http.HeaderList;
import io.cairn.model.StoredChecksum;
import io.cairn.wire.payload.ChecksumType;
import io.cairn.wire.xml.ObjectChecksum;
import java.util.Base64;
import java.util.Optional;

/** Stored checksums as clients see them. Stateless. */
final class ShownChecksum {
    private ShownChecksum() {}

    /** As an element of a document, with its type. */
    static ObjectChecksum of(StoredChecksum checksum, int parts) {
        return new ObjectChecksum(checksum.algorithm(), text(checksum, parts), Optional.of(type(checksum.kind())));
    }

    /** As an element of a part, which has no type. */
    static ObjectChecksum ofPart(StoredChecksum checksum) {
        return new ObjectChecksum(checksum.algorithm(), text(checksum, 0), Optional.empty());
    }

    /** As two headers. */
    static void add(HeaderList.Builder headers, StoredChecksum checksum, int parts) {
        headers.add(checksum.algorithm().header(), text(checksum, parts));
        headers.add("x-amz-checksum-type", type(checksum.kind()).name());
    }

    static void addPart(HeaderList.Builder headers, StoredChecksum checksum) {
        headers.add(checksum.algorithm().header(), text(checksum, 0));
    }

    static ChecksumType type(StoredChecksum.Kind kind) {
        return switch (kind) {
            case FULL_OBJECT -> ChecksumType.FULL_OBJECT;
            case COMPOSITE -> ChecksumType.COMPOSITE;
        };
    }

    /** Base64; a checksum of checksums says of how many. */
    private static String text(StoredChecksum checksum, int parts) {
        String base64 = Base64.getEncoder().encodeToString(checksum.digest());
        return switch (checksum.kind()) {
            case FULL_OBJECT -> base64;
            case COMPOSITE -> base64 + "-" + parts;
        };
    }
}

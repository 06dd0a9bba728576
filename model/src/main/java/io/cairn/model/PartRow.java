package io.cairn.model;

import java.time.Instant;
import java.util.Optional;

/** An uploaded part of an upload that is not finished. The last upload of a number wins. */
public record PartRow(
        int number, long size, ETag etag, Instant modified, Optional<StoredChecksum> checksum, BlobRef blob) {
    /** The highest part number. */
    public static final int NUMBER_MAX = 10_000;

    public PartRow {
        if (number < 1 || number > NUMBER_MAX) {
            throw new IllegalArgumentException("a part number is 1 to 10000, not " + number);
        }
    }
}

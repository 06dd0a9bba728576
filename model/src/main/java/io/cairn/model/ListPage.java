package io.cairn.model;

import java.time.Instant;
import java.util.List;

/**
 * One page of a listing.
 *
 * @param next where the next page starts (to be passed as {@code after}), empty when this is the last one
 */
public record ListPage(List<Entry> entries, List<String> commonPrefixes, String next) {
    public boolean truncated() {
        return !next.isEmpty();
    }

    /**
     * What a listing shows of an object.
     *
     * @param checksum the algorithm and kind of the stored checksum, such as {@code CRC32C FULL_OBJECT}, empty for none
     */
    public record Entry(String key, long size, ETag etag, Instant modified, String checksum) {}
}

package io.cairn.s3.request;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an object is to be read.
 *
 * @param part the number of the part that is wanted instead of a range
 * @param ifRange the entity tag or date that the range depends on, empty for none
 * @param overrides response headers by name that replace the stored ones; values of one {@code char} per byte
 * @param checksum whether the stored checksum is wanted
 */
public record Reading(
        Conditions conditions,
        Optional<ByteRange> range,
        OptionalInt part,
        String ifRange,
        Map<String, String> overrides,
        boolean checksum) {
    public Reading {
        overrides = Map.copyOf(overrides);
    }
}

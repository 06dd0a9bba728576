package io.cairn.s3.request;

/**
 * What the listings of a bucket have in common.
 *
 * @param limit the most keys, prefixes or uploads of a page, 0 to 1000
 * @param urlEncoded whether keys and prefixes are percent-encoded in the answer
 */
public record Listing(String prefix, String delimiter, int limit, boolean urlEncoded) {
    /** The largest page. */
    public static final int LIMIT_MAX = 1000;
}

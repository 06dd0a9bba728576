package io.cairn.s3.request;

import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.PayloadSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The headers of a write that are kept with the object and returned with it: by lower-case name, values of one
 * {@code char} per byte exactly as they were sent. Stateless.
 */
public final class StoredHeaders {
    /** What starts the name of user metadata. */
    public static final String USER_PREFIX = "x-amz-meta-";

    private static final int USER_BYTES_MAX = 2048;
    private static final String REDIRECT = "x-amz-website-redirect-location";
    private static final Set<String> KEPT = Set.of(
            "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires");

    private StoredHeaders() {}

    /** Picks the headers to keep; fails with {@code MetadataTooLarge} when user metadata exceeds 2 KiB. */
    public static Map<String, String> of(List<Header> headers) {
        Map<String, String> kept = new TreeMap<>();
        for (Header header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            String value = header.value().strip();
            if (name.startsWith(USER_PREFIX) && name.length() > USER_PREFIX.length()) {
                kept.merge(name, value, (first, next) -> first + "," + next);
            } else if (KEPT.contains(name)) {
                keep(kept, name, value);
            } else if (name.equals(REDIRECT)) {
                kept.put(name, redirect(value));
            }
        }
        requireSmall(kept);
        return kept;
    }

    private static void keep(Map<String, String> kept, String name, String value) {
        String text = name.equals("content-encoding") ? PayloadSpec.keptContentEncoding(value) : value;
        if (!text.isEmpty()) {
            kept.putIfAbsent(name, text);
        }
    }

    private static String redirect(String value) {
        if (!value.startsWith("/") && !value.startsWith("http://") && !value.startsWith("https://")) {
            throw new S3Exception(
                    S3Error.INVALID_REDIRECT_LOCATION,
                    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
        }
        return value;
    }

    private static void requireSmall(Map<String, String> kept) {
        int size = 0;
        for (Map.Entry<String, String> entry : kept.entrySet()) {
            if (entry.getKey().startsWith(USER_PREFIX)) {
                size += entry.getKey().length()
                        - USER_PREFIX.length()
                        + entry.getValue().length();
            }
        }
        if (size > USER_BYTES_MAX) {
            throw new S3Exception(S3Error.METADATA_TOO_LARGE).with("Size", size).with("MaxSizeAllowed", USER_BYTES_MAX);
        }
    }
}

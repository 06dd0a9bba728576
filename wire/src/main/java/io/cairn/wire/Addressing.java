package io.cairn.wire;

import java.util.List;
import java.util.Locale;

/**
 * How requests name buckets: in the path, or before one of the base domains in the host
 * ({@code bucket.s3.example.com}). Immutable.
 */
public final class Addressing {
    private final List<String> baseDomains;

    /** With no base domain every request is path-style. */
    public Addressing(List<String> baseDomains) {
        this.baseDomains = baseDomains.stream()
                .map(domain -> "." + domain.toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Splits the target of a request. Keys are taken literally: {@code ..}, {@code //} and a trailing slash mean
     * nothing special.
     *
     * @param host the Host header with or without a port, empty when there is none
     * @param rawPath the path as in the request line, one {@code char} per byte, without the query
     */
    public Address locate(String host, String rawPath) {
        if (!rawPath.startsWith("/")) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        String bucket = bucketOf(host);
        if (!bucket.isEmpty()) {
            return Address.of(bucket, Percent.decodePathText(rawPath.substring(1)));
        }
        if (rawPath.length() == 1) {
            return Address.service();
        }
        int slash = rawPath.indexOf('/', 1);
        int end = slash < 0 ? rawPath.length() : slash;
        String key = slash < 0 ? "" : rawPath.substring(slash + 1);
        return Address.of(Percent.decodePathText(rawPath.substring(1, end)), Percent.decodePathText(key));
    }

    private String bucketOf(String host) {
        if (baseDomains.isEmpty()) {
            return "";
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        for (String base : baseDomains) {
            if (name.endsWith(base)) {
                return name.substring(0, name.length() - base.length());
            }
        }
        return "";
    }
}

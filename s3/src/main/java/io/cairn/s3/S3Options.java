package io.cairn.s3;

import java.util.List;

/**
 * How the S3 face presents itself.
 *
 * @param rootAccessKey the key that is valid without a row in the metadata
 * @param baseDomains the domains before which a bucket's name may stand in the host
 * @param region what buckets that ask for no region are said to be in
 */
public record S3Options(String rootAccessKey, String rootSecretKey, List<String> baseDomains, String region) {
    private static final String REGION = "us-east-1";

    public S3Options {
        baseDomains = List.copyOf(baseDomains);
        if (rootAccessKey.isEmpty() || rootSecretKey.isEmpty() || region.isEmpty()) {
            throw new IllegalArgumentException("the root key, its secret and the region must not be empty");
        }
    }

    /** {@code bucket.localhost} and path-style requests, in S3's default region. */
    public static S3Options of(String rootAccessKey, String rootSecretKey) {
        return new S3Options(rootAccessKey, rootSecretKey, List.of("localhost"), REGION);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "S3Options[" + rootAccessKey + ", " + baseDomains + ", " + region + "]";
    }
}

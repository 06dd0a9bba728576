package io.cairn.wire;

import java.util.List;

/** The rules that S3 has for the names of general purpose buckets. Stateless. */
public final class BucketName {
    private static final int LENGTH_MIN = 3;
    private static final int LENGTH_MAX = 63;
    private static final List<String> PREFIXES = List.of("xn--", "sthree-");
    private static final List<String> SUFFIXES = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private BucketName() {}

    /** Whether a bucket may be created under that name. */
    public static boolean isValid(String name) {
        return name.length() >= LENGTH_MIN
                && name.length() <= LENGTH_MAX
                && hasValidLabels(name)
                && !looksLikeAddress(name)
                && PREFIXES.stream().noneMatch(name::startsWith)
                && SUFFIXES.stream().noneMatch(name::endsWith);
    }

    /** Returns the name, or fails with {@code InvalidBucketName}. */
    public static String require(String name) {
        if (!isValid(name)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME).with("BucketName", name);
        }
        return name;
    }

    private static boolean hasValidLabels(String name) {
        char before = '.';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean afterLetter = isLetterOrDigit(before);
            boolean ok = switch (c) {
                case '.' -> afterLetter;
                case '-' -> before != '.';
                default -> isLetterOrDigit(c);
            };
            if (!ok) {
                return false;
            }
            before = c;
        }
        return isLetterOrDigit(before);
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    private static boolean looksLikeAddress(String name) {
        int dots = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }
}

package io.cairn.base;

import java.util.Locale;
import java.util.Optional;

/**
 * A checksum that S3 clients may send with an object and storage may keep beside it. Digests are the bytes that S3
 * writes in base64: CRCs are big-endian.
 */
public enum ChecksumAlgorithm {
    CRC32(4, true, true),
    CRC32C(4, true, true),
    CRC64NVME(8, true, false),
    SHA1(20, false, true),
    SHA256(32, false, true);

    private final int digestLength;
    private final boolean fullObject;
    private final boolean composite;

    ChecksumAlgorithm(int digestLength, boolean fullObject, boolean composite) {
        this.digestLength = digestLength;
        this.fullObject = fullObject;
        this.composite = composite;
    }

    /** The algorithm's name in S3 requests, such as {@code CRC64NVME}. */
    public String s3Name() {
        return name();
    }

    /** The header that carries a digest of this algorithm, in lower case, such as {@code x-amz-checksum-crc32c}. */
    public String header() {
        return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** Bytes in a digest. */
    public int digestLength() {
        return digestLength;
    }

    /** Whether the digest of a multipart object can be computed from its parts' digests: see {@link Crcs#combine}. */
    public boolean fullObject() {
        return fullObject;
    }

    /** Whether S3 allows the digest of a multipart object to be the digest of its parts' digests. */
    public boolean composite() {
        return composite;
    }

    /** The algorithm of that S3 name, in any case; empty when S3 knows no such algorithm. */
    public static Optional<ChecksumAlgorithm> named(String s3Name) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.name().equalsIgnoreCase(s3Name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}

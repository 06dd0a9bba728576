package io.cairn.s3.request;

import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Refuses headers that ask for what Cairn does not do; ignoring them would break a promise. Stateless. */
public final class Refusals {
    private static final Set<String> PRIVATE_ACLS =
            Set.of("", "private", "bucket-owner-full-control", "bucket-owner-read");

    private static final String ENCRYPTION = "x-amz-server-side-encryption";

    /**
     * Encryption with keys of the store's own, which Amazon does to every object and backup programs ask for by
     * default. It is no secret to anybody who may read through S3; the answer does not claim that it was done.
     */
    private static final String PLATFORM_KEYS = "AES256";

    private Refusals() {}

    /** Checks the headers of a request that writes an object or makes a bucket. */
    public static void ofWrite(List<Header> headers) {
        for (Header header : headers) {
            if (header.name().regionMatches(true, 0, "x-amz-", 0, 6)) {
                check(header.name().toLowerCase(Locale.ROOT), header.value().strip());
            }
        }
    }

    /** Checks the headers of a request that reads an object. */
    static void ofRead(List<Header> headers) {
        for (Header header : headers) {
            if (header.name().regionMatches(true, 0, ENCRYPTION, 0, ENCRYPTION.length())) {
                throw notImplemented(header.name());
            }
        }
    }

    private static void check(String name, String value) {
        if (name.equals("x-amz-acl") && !PRIVATE_ACLS.contains(value) || name.startsWith("x-amz-grant-")) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
        if (name.equals("x-amz-storage-class") && !value.equals("STANDARD")) {
            throw new S3Exception(S3Error.INVALID_STORAGE_CLASS).with("StorageClassRequested", value);
        }
        if (name.startsWith("x-amz-object-lock-")) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
        }
        boolean unknown = name.startsWith(ENCRYPTION) && !(name.equals(ENCRYPTION) && value.equals(PLATFORM_KEYS))
                || name.startsWith("x-amz-copy-source-server-side-encryption")
                || name.equals("x-amz-write-offset-bytes")
                || name.equals("x-amz-bucket-object-lock-enabled") && value.equalsIgnoreCase("true")
                || name.equals("x-amz-tagging") && !value.isEmpty();
        if (unknown) {
            throw notImplemented(name);
        }
    }

    private static S3Exception notImplemented(String name) {
        return new S3Exception(
                        S3Error.NOT_IMPLEMENTED, "A header you provided implies functionality that is not implemented")
                .with("Header", name);
    }
}

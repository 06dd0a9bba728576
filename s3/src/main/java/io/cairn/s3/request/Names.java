package io.cairn.s3.request;

import io.cairn.model.BucketName;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;

/** Names of buckets and versions as requests spell them. Stateless. */
public final class Names {
    private Names() {}

    /** The bucket of that name, which need not exist; {@code InvalidBucketName} for what no bucket can be called. */
    public static BucketName bucket(String name) {
        if (!BucketName.valid(name)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME).with("BucketName", name);
        }
        return new BucketName(name);
    }

    /** Buckets have no versions yet, so that {@code null} is the only version there is. */
    public static void requireNullVersion(String version) {
        if (!version.isEmpty() && !version.equals("null")) {
            throw new S3Exception(S3Error.NO_SUCH_VERSION).with("VersionId", version);
        }
    }
}

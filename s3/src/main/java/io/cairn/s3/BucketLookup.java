package io.cairn.s3;

import io.cairn.engine.ObjectStore;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;

/** Finds the bucket that a request names. Thread-safe. */
final class BucketLookup {
    private final ObjectStore store;

    BucketLookup(ObjectStore store) {
        this.store = store;
    }

    /** The bucket, or {@code NoSuchBucket}; {@code AccessDenied} when the request expects another owner. */
    BucketRow existing(Call call, BucketName name) {
        Account.requireExpected(call.head(), "x-amz-expected-bucket-owner");
        return existing(name);
    }

    /** As {@link #existing(Call, BucketName)} for the source of a copy. */
    BucketRow source(Call call, BucketName name) {
        Account.requireExpected(call.head(), "x-amz-source-expected-bucket-owner");
        return existing(name);
    }

    private BucketRow existing(BucketName name) {
        return store.buckets()
                .find(name)
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", name.value()));
    }
}

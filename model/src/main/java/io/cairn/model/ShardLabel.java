package io.cairn.model;

import java.time.Instant;

/**
 * What a shard's record on a drive says about itself, so that salvage can rebuild the index from the drives alone. Of
 * two {@link Sealed} labels for one key in one bucket the one with the later {@linkplain BlobId seal id} was written
 * later. Byte form: {@code docs/formats/shard-label.md}.
 */
public sealed interface ShardLabel {
    BucketName bucket();

    long bucketId();

    ObjectKey key();

    /** An object that is finished with this record: the row is all that the index would hold of it. */
    record Sealed(BucketName bucket, long bucketId, Instant bucketCreated, ObjectRow row) implements ShardLabel {
        @Override
        public ObjectKey key() {
            return row.key();
        }
    }

    /** A part of an upload, finished with this record. */
    record SealedPart(BucketName bucket, long bucketId, ObjectKey key, UploadId upload, PartRow part)
            implements ShardLabel {}

    /** A stripe of a blob that is sealed by another record; without that the blob was never finished. */
    record Stripe(BucketName bucket, long bucketId, ObjectKey key) implements ShardLabel {}
}

package io.cairn.engine;

import io.cairn.model.BucketRow;
import io.cairn.model.LabelCodec;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.PartRow;
import io.cairn.model.ShardLabel;
import io.cairn.model.UploadId;

/** The labels that shards are written with, in their byte form. */
final class Labels {
    private Labels() {}

    static byte[] stripe(BucketRow bucket, ObjectKey key) {
        return LabelCodec.encode(new ShardLabel.Stripe(bucket.name(), bucket.id(), key));
    }

    static byte[] sealed(BucketRow bucket, ObjectRow row) {
        return LabelCodec.encode(new ShardLabel.Sealed(bucket.name(), bucket.id(), bucket.created(), row));
    }

    static byte[] sealedPart(BucketRow bucket, ObjectKey key, UploadId upload, PartRow part) {
        return LabelCodec.encode(new ShardLabel.SealedPart(bucket.name(), bucket.id(), key, upload, part));
    }
}

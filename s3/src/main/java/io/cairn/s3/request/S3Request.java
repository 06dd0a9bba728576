package io.cairn.s3.request;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.model.BucketName;
import io.cairn.model.ObjectKey;
import io.cairn.model.Precondition;
import io.cairn.model.StoredChecksum;
import io.cairn.model.UploadId;
import java.util.Map;
import java.util.Optional;

/** One request to S3, decoded: a record per operation, named as S3 names it. */
public sealed interface S3Request {
    /** The operation's name in S3's reference, such as {@code PutObject}. */
    default String operation() {
        return getClass().getSimpleName();
    }

    /** Requests that name a bucket. */
    sealed interface OnBucket extends S3Request {
        BucketName bucket();
    }

    /** Requests that name an object. */
    sealed interface OnObject extends OnBucket {
        ObjectKey key();
    }

    /** An operation of S3 that Cairn does not have. */
    record Unsupported(@Override String operation) implements S3Request {}

    /** A browser's question whether it may send a request from another origin. */
    record Preflight() implements S3Request {}

    /** @param after the name of the last bucket on the page before, empty for the first page */
    record ListBuckets(String prefix, String after, int limit) implements S3Request {}

    record CreateBucket(@Override BucketName bucket) implements OnBucket {}

    record HeadBucket(@Override BucketName bucket) implements OnBucket {}

    record DeleteBucket(@Override BucketName bucket) implements OnBucket {}

    record GetBucketSetting(@Override BucketName bucket, BucketSetting setting) implements OnBucket {
        @Override
        public String operation() {
            return "GetBucket" + setting.s3Name();
        }
    }

    record DeleteBucketSetting(@Override BucketName bucket, BucketSetting setting) implements OnBucket {
        @Override
        public String operation() {
            return "DeleteBucket" + setting.s3Name();
        }
    }

    /** @param marker the key or common prefix after which to start */
    record ListObjects(@Override BucketName bucket, Listing listing, String marker) implements OnBucket {}

    /** @param token the last page's continuation token, empty for the first page */
    record ListObjectsV2(@Override BucketName bucket, Listing listing, String startAfter, String token, boolean owner)
            implements OnBucket {}

    record ListObjectVersions(@Override BucketName bucket, Listing listing, String keyMarker, String versionIdMarker)
            implements OnBucket {}

    record ListMultipartUploads(@Override BucketName bucket, Listing listing, String keyMarker, String idMarker)
            implements OnBucket {}

    record DeleteObjects(@Override BucketName bucket) implements OnBucket {}

    /** An upload from a browser's form; key, policy and signature stand in the body. */
    record PostObject(@Override BucketName bucket, String contentType) implements OnBucket {}

    record PutObject(
            @Override BucketName bucket,
            @Override ObjectKey key,
            Map<String, String> headers,
            Precondition precondition)
            implements OnObject {}

    record GetObject(@Override BucketName bucket, @Override ObjectKey key, Reading reading) implements OnObject {}

    record HeadObject(@Override BucketName bucket, @Override ObjectKey key, Reading reading) implements OnObject {}

    record DeleteObject(
            @Override BucketName bucket, @Override ObjectKey key, Precondition precondition) implements OnObject {}

    /**
     * @param headers the headers to store when they replace those of the source
     * @param checksum the checksum to compute for the copy; empty for that of the source
     */
    record CopyObject(
            @Override BucketName bucket,
            @Override ObjectKey key,
            CopyFrom source,
            boolean replaceHeaders,
            Map<String, String> headers,
            Precondition precondition,
            Optional<ChecksumAlgorithm> checksum)
            implements OnObject {}

    record GetObjectAttributes(
            @Override BucketName bucket, @Override ObjectKey key, AttributeChoice choice) implements OnObject {}

    record GetObjectAcl(
            @Override BucketName bucket, @Override ObjectKey key) implements OnObject {}

    record GetObjectTagging(
            @Override BucketName bucket, @Override ObjectKey key) implements OnObject {}

    record GetObjectLegalHold(
            @Override BucketName bucket, @Override ObjectKey key) implements OnObject {}

    record GetObjectRetention(
            @Override BucketName bucket, @Override ObjectKey key) implements OnObject {}

    record CreateMultipartUpload(
            @Override BucketName bucket,
            @Override ObjectKey key,
            Map<String, String> headers,
            Optional<ChecksumAlgorithm> checksum,
            Optional<StoredChecksum.Kind> kind)
            implements OnObject {}

    record UploadPart(@Override BucketName bucket, @Override ObjectKey key, UploadId upload, int number)
            implements OnObject {}

    record UploadPartCopy(
            @Override BucketName bucket,
            @Override ObjectKey key,
            UploadId upload,
            int number,
            CopyFrom source,
            Optional<ByteRange.Bounded> range)
            implements OnObject {}

    /** @param after the number after which to start */
    record ListParts(@Override BucketName bucket, @Override ObjectKey key, UploadId upload, int after, int limit)
            implements OnObject {}

    record CompleteMultipartUpload(
            @Override BucketName bucket,
            @Override ObjectKey key,
            UploadId upload,
            Precondition precondition,
            Completion completion)
            implements OnObject {}

    record AbortMultipartUpload(
            @Override BucketName bucket, @Override ObjectKey key, UploadId upload) implements OnObject {}
}

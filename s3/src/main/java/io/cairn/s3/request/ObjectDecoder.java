package io.cairn.s3.request;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.model.BucketName;
import io.cairn.model.ObjectKey;
import io.cairn.model.StoredChecksum;
import io.cairn.model.UploadId;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ChecksumHeaders;
import java.util.Optional;
import java.util.OptionalInt;

/** Decodes requests that name an object. Stateless. */
final class ObjectDecoder {
    private static final String[] UNSUPPORTED_PUTS = {
        "acl", "PutObjectAcl",
        "tagging", "PutObjectTagging",
        "legal-hold", "PutObjectLegalHold",
        "retention", "PutObjectRetention",
        "renameObject", "RenameObject",
        "annotation", "PutObjectAnnotation",
        "encryption", "UpdateObjectEncryption"
    };
    /** What only other methods know. Taken for a plain PUT or DELETE they would replace or delete the object. */
    private static final String[] NOT_PUT = {"attributes", "restore", "select", "torrent", "uploads"};

    private static final String[] NOT_DELETED = {
        "acl", "attributes", "encryption", "legal-hold", "restore", "retention", "select", "torrent", "uploads"
    };
    private static final String COPY_SOURCE = "x-amz-copy-source";

    private ObjectDecoder() {}

    static S3Request decode(RequestHead head, BucketName bucket, ObjectKey key, Parameters parameters) {
        Names.requireNullVersion(parameters.text("versionId"));
        return switch (head.method()) {
            case "GET" -> get(head, bucket, key, parameters);
            case "HEAD" -> new S3Request.HeadObject(bucket, key, ReadHeaders.reading(head, parameters));
            case "PUT" -> put(head, bucket, key, parameters);
            case "DELETE" -> delete(head, bucket, key, parameters);
            case "POST" -> post(head, bucket, key, parameters);
            default -> throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        };
    }

    private static S3Request get(RequestHead head, BucketName bucket, ObjectKey key, Parameters parameters) {
        if (parameters.has("uploadId")) {
            return new S3Request.ListParts(
                    bucket,
                    key,
                    parameters.uploadId(),
                    parameters.count("part-number-marker", 0, Integer.MAX_VALUE),
                    parameters.count("max-parts", Listing.LIMIT_MAX, Listing.LIMIT_MAX));
        }
        if (parameters.has("attributes")) {
            return new S3Request.GetObjectAttributes(bucket, key, ReadHeaders.attributes(head));
        }
        if (parameters.has("acl")) {
            return new S3Request.GetObjectAcl(bucket, key);
        }
        if (parameters.has("tagging")) {
            return new S3Request.GetObjectTagging(bucket, key);
        }
        if (parameters.has("legal-hold")) {
            return new S3Request.GetObjectLegalHold(bucket, key);
        }
        if (parameters.has("retention")) {
            return new S3Request.GetObjectRetention(bucket, key);
        }
        if (parameters.has("torrent")) {
            return new S3Request.Unsupported("GetObjectTorrent");
        }
        return new S3Request.GetObject(bucket, key, ReadHeaders.reading(head, parameters));
    }

    private static S3Request put(RequestHead head, BucketName bucket, ObjectKey key, Parameters parameters) {
        for (int i = 0; i < UNSUPPORTED_PUTS.length; i += 2) {
            if (parameters.has(UNSUPPORTED_PUTS[i])) {
                return new S3Request.Unsupported(UNSUPPORTED_PUTS[i + 1]);
            }
        }
        parameters.requireNone(NOT_PUT);
        Refusals.ofWrite(head.headers());
        if (parameters.has("uploadId") || parameters.has("partNumber")) {
            return putPart(head, bucket, key, parameters);
        }
        if (head.has(COPY_SOURCE)) {
            return copy(head, bucket, key);
        }
        return new S3Request.PutObject(bucket, key, StoredHeaders.of(head.headers()), WriteConditions.ofWrite(head));
    }

    private static S3Request putPart(RequestHead head, BucketName bucket, ObjectKey key, Parameters parameters) {
        UploadId upload = parameters.uploadId();
        OptionalInt number = parameters.partNumber();
        if (number.isEmpty()) {
            throw Parameters.invalid("partNumber", "", "Part number must be an integer between 1 and 10000, inclusive");
        }
        if (!head.has(COPY_SOURCE)) {
            return new S3Request.UploadPart(bucket, key, upload, number.getAsInt());
        }
        Optional<ByteRange.Bounded> range =
                head.header("x-amz-copy-source-range").map(ObjectDecoder::copyRange);
        return new S3Request.UploadPartCopy(bucket, key, upload, number.getAsInt(), source(head), range);
    }

    private static ByteRange.Bounded copyRange(String text) {
        if (ByteRange.parse(text).orElse(null) instanceof ByteRange.Bounded bounded) {
            return bounded;
        }
        throw Parameters.invalid(
                "x-amz-copy-source-range",
                text,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the"
                        + " zero-based offsets of the first and last bytes to copy");
    }

    private static S3Request copy(RequestHead head, BucketName bucket, ObjectKey key) {
        return new S3Request.CopyObject(
                bucket,
                key,
                source(head),
                replaces(head),
                StoredHeaders.of(head.headers()),
                WriteConditions.ofWrite(head),
                ChecksumHeaders.algorithm(head.headers()));
    }

    private static CopyFrom source(RequestHead head) {
        return CopySourceHeader.parse(head.header(COPY_SOURCE).orElse(""), Conditions.of(head, "x-amz-copy-source-"));
    }

    private static boolean replaces(RequestHead head) {
        String tagging = head.header("x-amz-tagging-directive").orElse("COPY");
        if (!tagging.equalsIgnoreCase("COPY") && !tagging.equalsIgnoreCase("REPLACE")) {
            throw Parameters.invalid("x-amz-tagging-directive", tagging, "Unknown tagging directive.");
        }
        String directive = head.header("x-amz-metadata-directive").orElse("COPY");
        return switch (directive) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw Parameters.invalid("x-amz-metadata-directive", directive, "Unknown metadata directive.");
        };
    }

    private static S3Request delete(RequestHead head, BucketName bucket, ObjectKey key, Parameters parameters) {
        if (parameters.has("uploadId")) {
            return new S3Request.AbortMultipartUpload(bucket, key, parameters.uploadId());
        }
        if (parameters.has("tagging")) {
            return new S3Request.Unsupported("DeleteObjectTagging");
        }
        if (parameters.has("annotation")) {
            return new S3Request.Unsupported("DeleteObjectAnnotation");
        }
        parameters.requireNone(NOT_DELETED);
        return new S3Request.DeleteObject(bucket, key, WriteConditions.ofDelete(head));
    }

    private static S3Request post(RequestHead head, BucketName bucket, ObjectKey key, Parameters parameters) {
        if (parameters.has("uploads")) {
            return begin(head, bucket, key);
        }
        if (parameters.has("uploadId")) {
            return new S3Request.CompleteMultipartUpload(
                    bucket, key, parameters.uploadId(), WriteConditions.ofWrite(head), CompletionHeaders.of(head));
        }
        if (parameters.has("restore")) {
            return new S3Request.Unsupported("RestoreObject");
        }
        if (parameters.has("select")) {
            return new S3Request.Unsupported("SelectObjectContent");
        }
        throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
    }

    private static S3Request begin(RequestHead head, BucketName bucket, ObjectKey key) {
        Refusals.ofWrite(head.headers());
        Optional<ChecksumAlgorithm> algorithm = ChecksumHeaders.algorithm(head.headers());
        Optional<StoredChecksum.Kind> kind = CompletionHeaders.kind(head, algorithm);
        return new S3Request.CreateMultipartUpload(bucket, key, StoredHeaders.of(head.headers()), algorithm, kind);
    }
}

package io.cairn.s3.request;

import io.cairn.model.BucketName;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.Locale;
import java.util.Optional;

/** Decodes requests that name a bucket and no key. Stateless. */
final class BucketDecoder {
    /** What only other methods know. Taken for a plain PUT or DELETE they would make or delete the bucket. */
    private static final String[] NOT_OF_THE_BUCKET = {"delete", "list-type", "uploads", "versions"};

    private BucketDecoder() {}

    static S3Request decode(RequestHead head, BucketName bucket, Parameters parameters) {
        return switch (head.method()) {
            case "GET" -> get(bucket, parameters);
            case "HEAD" -> new S3Request.HeadBucket(bucket);
            case "PUT" -> put(head, bucket, parameters);
            case "DELETE" -> delete(bucket, parameters);
            case "POST" -> post(head, bucket, parameters);
            default -> throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        };
    }

    private static S3Request get(BucketName bucket, Parameters parameters) {
        Optional<BucketSetting> setting = BucketSetting.in(parameters);
        if (setting.isPresent()) {
            return new S3Request.GetBucketSetting(bucket, setting.get());
        }
        if (parameters.has("uploads")) {
            return new S3Request.ListMultipartUploads(
                    bucket,
                    parameters.listing("max-uploads"),
                    parameters.text("key-marker"),
                    parameters.text("upload-id-marker"));
        }
        Listing listing = parameters.listing("max-keys");
        if (parameters.has("versions")) {
            return versions(bucket, listing, parameters);
        }
        return switch (parameters.text("list-type")) {
            case "" -> new S3Request.ListObjects(bucket, listing, parameters.text("marker"));
            case "2" -> listV2(bucket, listing, parameters);
            default -> throw Parameters.invalid("list-type", parameters.text("list-type"), "Invalid List Type");
        };
    }

    private static S3Request versions(BucketName bucket, Listing listing, Parameters parameters) {
        String key = parameters.text("key-marker");
        String version = parameters.text("version-id-marker");
        if (parameters.has("version-id-marker") && key.isEmpty()) {
            throw Parameters.invalid(
                    "version-id-marker", version, "A version-id marker cannot be specified without a key marker.");
        }
        return new S3Request.ListObjectVersions(bucket, listing, key, version);
    }

    private static S3Request listV2(BucketName bucket, Listing listing, Parameters parameters) {
        String token = parameters.text("continuation-token");
        if (parameters.has("continuation-token") && token.isEmpty()) {
            throw Parameters.invalid("continuation-token", "", "The continuation token provided is incorrect");
        }
        return new S3Request.ListObjectsV2(
                bucket,
                listing,
                parameters.text("start-after"),
                token,
                parameters.text("fetch-owner").equals("true"));
    }

    private static S3Request put(RequestHead head, BucketName bucket, Parameters parameters) {
        Optional<BucketSetting> setting = BucketSetting.in(parameters);
        if (setting.isPresent()) {
            return new S3Request.Unsupported("PutBucket" + setting.get().s3Name());
        }
        parameters.requireNone(NOT_OF_THE_BUCKET);
        Refusals.ofWrite(head.headers());
        return new S3Request.CreateBucket(bucket);
    }

    private static S3Request delete(BucketName bucket, Parameters parameters) {
        parameters.requireNone(NOT_OF_THE_BUCKET);
        return BucketSetting.in(parameters)
                .<S3Request>map(setting -> new S3Request.DeleteBucketSetting(bucket, setting))
                .orElseGet(() -> new S3Request.DeleteBucket(bucket));
    }

    private static S3Request post(RequestHead head, BucketName bucket, Parameters parameters) {
        if (parameters.has("delete")) {
            return new S3Request.DeleteObjects(bucket);
        }
        Optional<BucketSetting> setting = BucketSetting.in(parameters);
        if (setting.isPresent()) {
            return new S3Request.Unsupported("CreateBucket" + setting.get().s3Name());
        }
        String type = head.header("content-type").orElse("");
        if (type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return new S3Request.PostObject(bucket, type);
        }
        throw new S3Exception(
                S3Error.PRECONDITION_FAILED, "Bucket POST must be of the enclosure-type multipart/form-data");
    }
}

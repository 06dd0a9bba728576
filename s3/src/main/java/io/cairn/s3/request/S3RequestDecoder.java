package io.cairn.s3.request;

import io.cairn.model.BucketName;
import io.cairn.model.ObjectKey;
import io.cairn.wire.Address;
import io.cairn.wire.Addressing;
import io.cairn.wire.Query;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.List;

/**
 * Tells from a request's head which operation it asks for, and with what. Whatever cannot be understood is an
 * {@link S3Exception}. Immutable, so safe for use by many threads.
 */
public final class S3RequestDecoder {
    private static final int BUCKETS_MAX = 10_000;

    private final Addressing addressing;

    /** @param baseDomains the domains before which a bucket's name may stand in the host */
    public S3RequestDecoder(List<String> baseDomains) {
        addressing = new Addressing(baseDomains);
    }

    public S3Request decode(RequestHead head) {
        if (head.method().equals("OPTIONS")) {
            return new S3Request.Preflight();
        }
        Address address = addressing.locate(head.header("host").orElse(""), head.rawPath());
        Parameters parameters = new Parameters(Query.parse(head.rawQuery()));
        if (address.bucket().isEmpty()) {
            return ofService(head, parameters);
        }
        BucketName bucket = Names.bucket(address.bucket().get());
        if (address.key().isEmpty()) {
            return BucketDecoder.decode(head, bucket, parameters);
        }
        return ObjectDecoder.decode(head, bucket, new ObjectKey(address.key().get()), parameters);
    }

    private static S3Request ofService(RequestHead head, Parameters parameters) {
        if (!head.method().equals("GET")) {
            throw new S3Exception(S3Error.METHOD_NOT_ALLOWED);
        }
        if (parameters.text("x-id").equals("ListDirectoryBuckets")) {
            return new S3Request.Unsupported("ListDirectoryBuckets");
        }
        int limit = parameters.count("max-buckets", BUCKETS_MAX, BUCKETS_MAX);
        if (limit == 0) {
            throw Parameters.invalid("max-buckets", "0", "Argument max-buckets must be an integer between 1 and 10000");
        }
        return new S3Request.ListBuckets(parameters.text("prefix"), parameters.text("continuation-token"), limit);
    }
}

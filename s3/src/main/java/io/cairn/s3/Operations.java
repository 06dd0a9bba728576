package io.cairn.s3;

import io.cairn.base.Clock;
import io.cairn.engine.ObjectStore;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.io.IOException;

/** Leads each request to the class of its family. Thread-safe. */
final class Operations {
    private final BucketOperations buckets;
    private final Listings listings;
    private final ObjectReads reads;
    private final ObjectWrites writes;
    private final Copies copies;
    private final BulkDeletes bulkDeletes;
    private final ObjectAttributeReads attributes;
    private final MultipartUploads multipart;
    private final UploadListings uploads;
    private final FormUploads forms;

    Operations(ObjectStore store, S3Options options, Gate gate, Clock clock) {
        BucketLookup lookup = new BucketLookup(store);
        buckets = new BucketOperations(store, options, lookup);
        listings = new Listings(store, lookup);
        reads = new ObjectReads(store, lookup);
        writes = new ObjectWrites(store, lookup);
        copies = new Copies(store, lookup);
        bulkDeletes = new BulkDeletes(store, lookup);
        attributes = new ObjectAttributeReads(store, lookup);
        multipart = new MultipartUploads(store, lookup);
        uploads = new UploadListings(store, lookup);
        forms = new FormUploads(store, lookup, gate, clock);
    }

    /** Carries the request out and sends its response; a failure is thrown. */
    void carryOut(Call call, S3Request request) throws IOException {
        switch (request) {
            case S3Request.GetObject get -> reads.get(call, get);
            case S3Request.HeadObject head -> reads.head(call, head);
            case S3Request.PutObject put -> writes.put(call, put);
            case S3Request.DeleteObject delete -> writes.delete(call, delete);
            case S3Request.DeleteObjects delete -> bulkDeletes.delete(call, delete);
            case S3Request.CopyObject copy -> copies.copyObject(call, copy);
            case S3Request.ListObjects list -> listings.version1(call, list);
            case S3Request.ListObjectsV2 list -> listings.version2(call, list);
            case S3Request.ListObjectVersions list -> listings.versions(call, list);
            case S3Request.ListBuckets list -> buckets.list(call, list);
            case S3Request.CreateBucket create -> buckets.create(call, create);
            case S3Request.HeadBucket head -> buckets.head(call, head);
            case S3Request.DeleteBucket delete -> buckets.delete(call, delete);
            case S3Request.GetBucketSetting get -> buckets.setting(call, get);
            case S3Request.DeleteBucketSetting delete -> buckets.deleteSetting(call, delete);
            case S3Request.CreateMultipartUpload create -> multipart.create(call, create);
            case S3Request.UploadPart part -> multipart.put(call, part);
            case S3Request.UploadPartCopy part -> copies.copyPart(call, part);
            case S3Request.CompleteMultipartUpload complete -> multipart.complete(call, complete);
            case S3Request.AbortMultipartUpload abort -> multipart.abort(call, abort);
            case S3Request.ListParts list -> uploads.parts(call, list);
            case S3Request.ListMultipartUploads list -> uploads.uploads(call, list);
            case S3Request.GetObjectAttributes get -> attributes.attributes(call, get);
            case S3Request.GetObjectAcl get -> attributes.acl(call, get);
            case S3Request.GetObjectTagging get -> attributes.tagging(call, get);
            case S3Request.GetObjectLegalHold get -> attributes.lock(call, get);
            case S3Request.GetObjectRetention get -> attributes.lock(call, get);
            case S3Request.PostObject post -> forms.post(call, post);
            case S3Request.Preflight _ -> throw new S3Exception(S3Error.ACCESS_FORBIDDEN);
            case S3Request.Unsupported(String operation) ->
                throw new S3Exception(S3Error.NOT_IMPLEMENTED, operation + " is not implemented.");
        }
    }
}

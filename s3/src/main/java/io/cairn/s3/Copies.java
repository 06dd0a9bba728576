package io.cairn.s3;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.engine.CopySource;
import io.cairn.engine.ObjectRead;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PutResult;
import io.cairn.engine.Uploads;
import io.cairn.model.BucketRow;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.PartRow;
import io.cairn.model.StoredChecksum;
import io.cairn.model.UploadRow;
import io.cairn.s3.request.ByteRange;
import io.cairn.s3.request.Conditions.Verdict;
import io.cairn.s3.request.CopyFrom;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.xml.CopyResult;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** CopyObject and UploadPartCopy: the content is read, verified and written anew. Thread-safe. */
final class Copies {
    private static final String REDIRECT = "x-amz-website-redirect-location";

    private final ObjectStore store;
    private final BucketLookup lookup;

    Copies(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    void copyObject(Call call, S3Request.CopyObject request) throws IOException {
        BucketRow bucket = lookup.existing(call, request.bucket());
        requireChange(request);
        try (ObjectRead read = open(call, request.source(), row -> new ByteRange.Slice(0, row.size()))) {
            ObjectRow source = read.row();
            Optional<ChecksumAlgorithm> checksum =
                    request.checksum().or(() -> source.checksum().map(StoredChecksum::algorithm));
            PutResult result = store.objects()
                    .put(
                            bucket,
                            request.key(),
                            headers(request, source),
                            request.precondition(),
                            OptionalLong.of(source.size()),
                            new CopySource(read, checksum));
            ObjectRow row = switch (result) {
                case PutResult.Stored(ObjectRow stored) -> stored;
                case PutResult.Refused(Outcome reason) ->
                    throw Refused.by(reason, request.precondition())
                            .with("Key", request.key().value());
            };
            call.document(new CopyResult(
                    CopyResult.Kind.OBJECT,
                    row.etag().value(),
                    row.modified(),
                    row.checksum().map(sum -> ShownChecksum.of(sum, 1))));
        }
    }

    void copyPart(Call call, S3Request.UploadPartCopy request) throws IOException {
        BucketRow bucket = lookup.existing(call, request.bucket());
        UploadRow upload = MultipartUploads.existing(store, bucket, request.key(), request.upload());
        try (ObjectRead read = open(call, request.source(), row -> slice(request, row))) {
            long length = slice(request, read.row()).length();
            Uploads.PartPut result = store.uploads()
                    .put(
                            bucket,
                            upload,
                            request.number(),
                            OptionalLong.of(length),
                            new CopySource(read, upload.checksumAlgorithm()));
            PartRow part = switch (result) {
                case Uploads.PartPut.Stored(PartRow stored) -> stored;
                case Uploads.PartPut.Refused(Outcome reason) -> throw Refused.by(reason);
            };
            call.document(new CopyResult(
                    CopyResult.Kind.PART,
                    part.etag().value(),
                    part.modified(),
                    part.checksum().map(ShownChecksum::ofPart)));
        }
    }

    private static ByteRange.Slice slice(S3Request.UploadPartCopy request, ObjectRow source) {
        if (request.range().isEmpty()) {
            return new ByteRange.Slice(0, source.size());
        }
        ByteRange.Bounded range = request.range().get();
        if (range.last() >= source.size()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Range specified is not valid for source object of size: " + source.size())
                    .with("ArgumentName", "x-amz-copy-source-range")
                    .with("ArgumentValue", range.text());
        }
        return new ByteRange.Slice(range.first(), range.last() - range.first() + 1);
    }

    /** The source, if it is there and its conditions hold; an unmodified one is a failure too, unlike in a GET. */
    private ObjectRow source(BucketRow bucket, CopyFrom from) {
        ObjectRow row = store.objects()
                .find(bucket, from.key())
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_KEY)
                        .with("Key", from.key().value()));
        return switch (from.conditions().of(row.etag(), row.modified())) {
            case Verdict.Holds _ -> row;
            case Verdict.NotModified _ -> throw failed("If-None-Match");
            case Verdict.Failed(String condition) -> throw failed(condition);
        };
    }

    private static S3Exception failed(String condition) {
        return new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", "x-amz-copy-source-" + condition);
    }

    /** Opens the source; one that is replaced between being found and being opened is looked up again. */
    private ObjectRead open(Call call, CopyFrom from, Function<ObjectRow, ByteRange.Slice> slices) {
        BucketRow bucket = lookup.source(call, from.bucket());
        for (int attempt = 0; attempt < ObjectReads.ATTEMPTS; attempt++) {
            ObjectRow row = source(bucket, from);
            ByteRange.Slice slice = slices.apply(row);
            if (slice.length() > Uploads.PART_BYTES_MAX) {
                throw tooLarge();
            }
            Optional<ObjectRead> read = store.objects().open(bucket, row, slice.first(), slice.length());
            if (read.isPresent()) {
                return read.get();
            }
        }
        throw new S3Exception(S3Error.SLOW_DOWN);
    }

    private static void requireChange(S3Request.CopyObject request) {
        boolean same = request.source().bucket().equals(request.bucket())
                && request.source().key().equals(request.key());
        boolean changed = request.replaceHeaders()
                || request.checksum().isPresent()
                || request.headers().containsKey(REDIRECT);
        if (same && !changed) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
    }

    /** The headers of the copy. A redirect belongs to its object and is never copied. */
    private static Map<String, String> headers(S3Request.CopyObject request, ObjectRow source) {
        if (request.replaceHeaders()) {
            return request.headers();
        }
        Map<String, String> headers = new TreeMap<>(source.headers());
        headers.remove(REDIRECT);
        if (request.headers().containsKey(REDIRECT)) {
            headers.put(REDIRECT, request.headers().getOrDefault(REDIRECT, ""));
        }
        return headers;
    }

    private static S3Exception tooLarge() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "The specified copy source is larger than the maximum allowable size for a copy source: "
                        + Uploads.PART_BYTES_MAX);
    }
}

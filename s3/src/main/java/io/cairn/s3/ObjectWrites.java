package io.cairn.s3;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PutResult;
import io.cairn.engine.Uploads;
import io.cairn.http.HeaderList;
import io.cairn.model.BucketRow;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.DeclaredChecksum;
import io.cairn.wire.payload.PayloadSpec;
import io.cairn.wire.payload.VerifiedPayload;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** PutObject and DeleteObject. Thread-safe. */
final class ObjectWrites {
    private final ObjectStore store;
    private final BucketLookup lookup;

    ObjectWrites(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    void put(Call call, S3Request.PutObject request) throws IOException {
        PayloadSpec spec = call.spec();
        requireSize(spec.length());
        BucketRow bucket = lookup.existing(call, request.bucket());
        Optional<ChecksumAlgorithm> kept = spec.checksum().map(DeclaredChecksum::algorithm);
        VerifiedPayload payload = call.open(spec, Content.wanted(kept));
        PutResult result = store.objects()
                .put(
                        bucket,
                        request.key(),
                        request.headers(),
                        request.precondition(),
                        OptionalLong.of(spec.length()),
                        new Content(payload, kept));
        ObjectRow row = stored(result, request);
        HeaderList.Builder headers = call.headers().add("ETag", row.etag().quoted());
        row.checksum().ifPresent(checksum -> ShownChecksum.add(headers, checksum, 1));
        call.empty(200, headers);
    }

    /** Refuses content that is too large for one request. */
    static void requireSize(long size) {
        if (size > Uploads.PART_BYTES_MAX) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                    .with("ProposedSize", size)
                    .with("MaxSizeAllowed", Uploads.PART_BYTES_MAX);
        }
    }

    private static ObjectRow stored(PutResult result, S3Request.PutObject request) {
        return switch (result) {
            case PutResult.Stored(ObjectRow row) -> row;
            case PutResult.Refused(Outcome reason) ->
                throw Refused.by(reason, request.precondition())
                        .with("Key", request.key().value());
        };
    }

    /** Deleting what is not there succeeds, unless the request says what must be there. */
    void delete(Call call, S3Request.DeleteObject request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Outcome outcome = store.objects().delete(bucket, request.key(), request.precondition());
        boolean absent = outcome instanceof Outcome.NoSuchKey && request.precondition() instanceof Precondition.None;
        if (!(outcome instanceof Outcome.Deleted) && !absent) {
            throw Refused.by(outcome, request.precondition())
                    .with("Key", request.key().value());
        }
        call.empty(204);
    }
}

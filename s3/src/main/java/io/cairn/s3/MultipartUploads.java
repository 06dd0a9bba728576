package io.cairn.s3;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.engine.CompleteResult;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PartChoice;
import io.cairn.engine.Uploads;
import io.cairn.http.HeaderList;
import io.cairn.model.BucketRow;
import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.PartRow;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import io.cairn.s3.request.Completion;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.DeclaredChecksum;
import io.cairn.wire.payload.PayloadSpec;
import io.cairn.wire.payload.VerifiedPayload;
import io.cairn.wire.xml.CompleteRequest;
import io.cairn.wire.xml.CompletedUpload;
import io.cairn.wire.xml.CreatedUpload;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Multipart uploads: begin, add parts, complete, abort. Thread-safe. */
final class MultipartUploads {
    private final ObjectStore store;
    private final BucketLookup lookup;

    MultipartUploads(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    /** The upload, or {@code NoSuchUpload}. */
    static UploadRow existing(ObjectStore store, BucketRow bucket, ObjectKey key, UploadId id) {
        return store.uploads().find(bucket, key, id).orElseThrow(() -> noSuchUpload(id));
    }

    private static S3Exception noSuchUpload(UploadId id) {
        return new S3Exception(S3Error.NO_SUCH_UPLOAD).with("UploadId", id.value());
    }

    void create(Call call, S3Request.CreateMultipartUpload request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Uploads.Begun begun = store.uploads()
                .begin(
                        bucket,
                        request.key(),
                        call.caller().accessKey(),
                        request.headers(),
                        request.checksum(),
                        request.kind());
        UploadRow upload = switch (begun) {
            case Uploads.Begun.Started(UploadRow started) -> started;
            case Uploads.Begun.Refused(Outcome reason) -> throw Refused.by(reason);
        };
        HeaderList.Builder headers = call.headers();
        request.checksum().ifPresent(algorithm -> headers.add("x-amz-checksum-algorithm", algorithm.s3Name()));
        request.kind()
                .ifPresent(kind -> headers.add(
                        "x-amz-checksum-type", ShownChecksum.type(kind).name()));
        call.document(
                headers,
                new CreatedUpload(
                        bucket.name().value(),
                        request.key().value(),
                        upload.id().value()));
    }

    void put(Call call, S3Request.UploadPart request) throws IOException {
        PayloadSpec spec = call.spec();
        ObjectWrites.requireSize(spec.length());
        BucketRow bucket = lookup.existing(call, request.bucket());
        UploadRow upload = existing(store, bucket, request.key(), request.upload());
        Optional<ChecksumAlgorithm> kept = keptChecksum(upload, spec);
        VerifiedPayload payload = call.open(spec, Content.wanted(kept));
        Uploads.PartPut result = store.uploads()
                .put(bucket, upload, request.number(), OptionalLong.of(spec.length()), new Content(payload, kept));
        PartRow part = switch (result) {
            case Uploads.PartPut.Stored(PartRow stored) -> stored;
            case Uploads.PartPut.Refused(Outcome reason) ->
                throw Refused.by(reason).with("UploadId", request.upload().value());
        };
        HeaderList.Builder headers = call.headers().add("ETag", part.etag().quoted());
        part.checksum().ifPresent(checksum -> ShownChecksum.addPart(headers, checksum));
        call.empty(200, headers);
    }

    /** The upload's algorithm, computed here when the client sends none; else the one that the client sends. */
    private static Optional<ChecksumAlgorithm> keptChecksum(UploadRow upload, PayloadSpec spec) {
        Optional<ChecksumAlgorithm> sent = spec.checksum().map(DeclaredChecksum::algorithm);
        Optional<ChecksumAlgorithm> wanted = upload.checksumAlgorithm();
        if (sent.isPresent() && wanted.isPresent() && !sent.equals(wanted)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: " + name(wanted.get())
                            + ", actual checksum Type: " + name(sent.get()));
        }
        return wanted.or(() -> sent);
    }

    private static String name(ChecksumAlgorithm algorithm) {
        return algorithm.s3Name().toLowerCase(java.util.Locale.ROOT);
    }

    void complete(Call call, S3Request.CompleteMultipartUpload request) throws IOException {
        PayloadSpec spec = PayloadSpec.ofCompletion(call.caller().payload(), call.documentHeaders());
        CompleteRequest document = CompleteRequest.parse(call.document(spec, CompleteRequest.BYTES_MAX));
        BucketRow bucket = lookup.existing(call, request.bucket());
        ObjectRow row = stored(complete(bucket, document, request), request);
        call.document(new CompletedUpload(
                call.url(call.head().rawPath()),
                bucket.name().value(),
                request.key().value(),
                row.etag().value(),
                row.checksum()
                        .map(checksum -> ShownChecksum.of(checksum, row.parts().size()))));
    }

    private CompleteResult complete(
            BucketRow bucket, CompleteRequest document, S3Request.CompleteMultipartUpload request) {
        Optional<UploadRow> upload = store.uploads().find(bucket, request.key(), request.upload());
        if (upload.isEmpty()) {
            List<PartChoice> tags = document.parts().stream()
                    .map(part -> new PartChoice(part.number(), new ETag(part.etag()), Optional.empty()))
                    .toList();
            return store.uploads()
                    .repeated(bucket, request.key(), request.upload(), tags)
                    .orElseThrow(() -> noSuchUpload(request.upload()));
        }
        List<PartChoice> choices = document.parts().stream()
                .map(part -> choice(upload.get(), part))
                .toList();
        requireSize(upload.get(), choices, request.completion().size());
        return store.uploads()
                .complete(
                        bucket,
                        upload.get(),
                        choices,
                        request.precondition(),
                        expected(upload.get(), request.completion()));
    }

    private static PartChoice choice(UploadRow upload, CompleteRequest.Part part) {
        Map<ChecksumAlgorithm, String> sent = part.checksums();
        Optional<String> base64 = upload.checksumAlgorithm().isPresent()
                ? Optional.ofNullable(sent.get(upload.checksumAlgorithm().get()))
                : sent.values().stream().findFirst();
        try {
            return new PartChoice(part.number(), new ETag(part.etag()), base64.map(Base64.getDecoder()::decode));
        } catch (IllegalArgumentException _) {
            throw invalidPart(part.number());
        }
    }

    /** Checks the announced size of the whole object against that of the parts. */
    private void requireSize(UploadRow upload, List<PartChoice> choices, OptionalLong announced) {
        if (announced.isEmpty()) {
            return;
        }
        List<Integer> chosen = choices.stream().map(PartChoice::number).toList();
        long size = store.uploads().parts(upload.id(), 0, PartRow.NUMBER_MAX).stream()
                .filter(part -> chosen.contains(part.number()))
                .mapToLong(PartRow::size)
                .sum();
        if (size != announced.getAsLong()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The provided 'x-amz-mp-object-size' header value " + announced.getAsLong()
                            + " does not match what was computed: " + size);
        }
    }

    /** The client's digest of the whole object, once it is clear that it means the upload's kind of checksum. */
    private static Optional<byte[]> expected(UploadRow upload, Completion completion) {
        Optional<DeclaredChecksum> declared = completion.checksum();
        boolean sameKind = completion.kind().isEmpty() || completion.kind().equals(upload.checksumKind());
        boolean sameAlgorithm =
                declared.isEmpty() || declared.map(DeclaredChecksum::algorithm).equals(upload.checksumAlgorithm());
        if (!sameKind || !sameAlgorithm) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The checksum of the request is not of the algorithm and type that the upload was created with.");
        }
        return declared.flatMap(DeclaredChecksum::base64).map(Base64.getDecoder()::decode);
    }

    private static ObjectRow stored(CompleteResult result, S3Request.CompleteMultipartUpload request) {
        return switch (result) {
            case CompleteResult.Stored(ObjectRow row) -> row;
            case CompleteResult.Refused(Outcome reason) ->
                throw Refused.by(reason, request.precondition())
                        .with("Key", request.key().value());
            case CompleteResult.InvalidPart(int number) -> throw invalidPart(number);
            case CompleteResult.PartTooSmall(int number, long size) ->
                throw new S3Exception(S3Error.ENTITY_TOO_SMALL)
                        .with("PartNumber", number)
                        .with("ProposedSize", size)
                        .with("MinSizeAllowed", Uploads.PART_BYTES_MIN);
            case CompleteResult.TooLarge(long size) ->
                throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                        .with("ProposedSize", size)
                        .with("MaxSizeAllowed", Uploads.OBJECT_BYTES_MAX);
            case CompleteResult.ChecksumMismatch _ ->
                throw new S3Exception(
                        S3Error.BAD_DIGEST, "The checksum you specified did not match the calculated checksum.");
        };
    }

    private static S3Exception invalidPart(int number) {
        return new S3Exception(S3Error.INVALID_PART).with("PartNumber", number);
    }

    void abort(Call call, S3Request.AbortMultipartUpload request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Outcome outcome = store.uploads().abort(bucket, request.key(), request.upload());
        if (!(outcome instanceof Outcome.Done)) {
            throw Refused.by(outcome).with("UploadId", request.upload().value());
        }
        call.empty(204);
    }
}

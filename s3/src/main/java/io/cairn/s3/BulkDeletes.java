package io.cairn.s3;

import io.cairn.engine.ObjectStore;
import io.cairn.model.BucketRow;
import io.cairn.model.ObjectKey;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import io.cairn.model.StorageFault;
import io.cairn.model.UncertainFault;
import io.cairn.s3.request.Names;
import io.cairn.s3.request.S3Request;
import io.cairn.s3.request.WriteConditions;
import io.cairn.wire.Address;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.PayloadSpec;
import io.cairn.wire.xml.DeleteRequest;
import io.cairn.wire.xml.DeleteResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** DeleteObjects: up to 1000 keys, each with an answer of its own. Thread-safe. */
final class BulkDeletes {
    /** How many keys of one request are on their way at once: they share the syncs of the log. */
    private static final int AT_ONCE = 128;

    private final ObjectStore store;
    private final BucketLookup lookup;

    BulkDeletes(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    void delete(Call call, S3Request.DeleteObjects request) throws IOException {
        PayloadSpec spec = PayloadSpec.of(call.caller().payload(), call.documentHeaders());
        if (spec.contentMd5().isEmpty() && spec.checksum().isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        DeleteRequest document = DeleteRequest.parse(call.document(spec, DeleteRequest.BYTES_MAX));
        BucketRow bucket = lookup.existing(call, request.bucket());
        List<DeleteResult.Deleted> deleted = new ArrayList<>();
        List<DeleteResult.Failed> failed = new ArrayList<>();
        List<Optional<S3Exception>> failures = deleteAll(bucket, document.entries());
        for (int i = 0; i < failures.size(); i++) {
            DeleteRequest.Entry entry = document.entries().get(i);
            Optional<S3Exception> failure = failures.get(i);
            if (failure.isPresent()) {
                failed.add(failed(entry, failure.get()));
            } else if (!document.quiet()) {
                deleted.add(new DeleteResult.Deleted(entry.key(), entry.versionId(), false, Optional.empty()));
            }
        }
        call.document(new DeleteResult(deleted, failed));
    }

    /** Deletes each, many at once; the answers are in the order of the entries. */
    private List<Optional<S3Exception>> deleteAll(BucketRow bucket, List<DeleteRequest.Entry> entries) {
        List<Optional<S3Exception>> failures = new ArrayList<>(entries.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int from = 0; from < entries.size(); from += AT_ONCE) {
                List<Callable<Optional<S3Exception>>> some = new ArrayList<>(AT_ONCE);
                for (DeleteRequest.Entry entry : entries.subList(from, Math.min(entries.size(), from + AT_ONCE))) {
                    some.add(() -> delete(bucket, entry));
                }
                threads.invokeAll(some).forEach(done -> failures.add(done.resultNow()));
            }
            return failures;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncertainFault("interrupted while objects were deleted");
        }
    }

    private Optional<S3Exception> delete(BucketRow bucket, DeleteRequest.Entry entry) {
        try {
            Names.requireNullVersion(entry.versionId().orElse(""));
            if (entry.lastModified().isPresent() || entry.size().isPresent()) {
                throw new S3Exception(S3Error.NOT_IMPLEMENTED);
            }
            ObjectKey key = new ObjectKey(
                    Address.of(bucket.name().value(), entry.key()).key().orElseThrow());
            Precondition precondition =
                    entry.etag().map(WriteConditions::matching).orElseGet(Precondition.None::new);
            Outcome outcome = store.objects().delete(bucket, key, precondition);
            boolean absent = outcome instanceof Outcome.NoSuchKey && precondition instanceof Precondition.None;
            boolean gone = outcome instanceof Outcome.Deleted || absent;
            return gone ? Optional.empty() : Optional.of(Refused.by(outcome, precondition));
        } catch (S3Exception refusal) {
            return Optional.of(refusal);
        } catch (StorageFault fault) {
            return Optional.of(Refused.by(fault));
        }
    }

    private static DeleteResult.Failed failed(DeleteRequest.Entry entry, S3Exception failure) {
        return new DeleteResult.Failed(
                entry.key(), entry.versionId(), failure.error().code(), failure.message());
    }
}

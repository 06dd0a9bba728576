package io.cairn.engine;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.PartRow;
import io.cairn.model.Precondition;
import io.cairn.model.StoredChecksum;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Multipart uploads: each part is a blob with a row of its own; completing one moves no bytes, it commits one row that
 * names the parts. Thread-safe.
 */
public final class Uploads {
    /** The smallest part that is not the last one. */
    public static final long PART_BYTES_MIN = 5L << 20;
    /** The largest part. */
    public static final long PART_BYTES_MAX = 5L << 30;
    /** The largest object. */
    public static final long OBJECT_BYTES_MAX = 5L << 40;

    private static final int ID_BYTES = 24;

    private final Metadata metadata;
    private final BlobWriter writer;
    private final Commits commits;
    private final Clock clock;
    private final Entropy entropy;

    Uploads(Metadata metadata, BlobWriter writer, Commits commits, Clock clock, Entropy entropy) {
        this.metadata = metadata;
        this.writer = writer;
        this.commits = commits;
        this.clock = clock;
        this.entropy = entropy;
    }

    /** What a new upload was answered with. */
    public sealed interface Begun {
        record Started(UploadRow upload) implements Begun {}

        record Refused(Outcome reason) implements Begun {}
    }

    /** What a part was answered with. */
    public sealed interface PartPut {
        record Stored(PartRow part) implements PartPut {}

        record Refused(Outcome reason) implements PartPut {}
    }

    /** Begins an upload; {@code template} says everything but id and time. */
    public Begun begin(
            BucketRow bucket,
            ObjectKey key,
            String owner,
            Map<String, String> headers,
            Optional<ChecksumAlgorithm> algorithm,
            Optional<StoredChecksum.Kind> kind) {
        // Hexadecimal, because people pass ids to commands, where a leading hyphen would be an option.
        UploadId id = new UploadId(HexFormat.of().formatHex(entropy.bytes(ID_BYTES)));
        UploadRow upload = new UploadRow(id, key, now(), owner, headers, algorithm, kind);
        Outcome outcome = metadata.apply(new Command.CreateUpload(bucket.name(), upload));
        return outcome instanceof Outcome.Done ? new Begun.Started(upload) : new Begun.Refused(outcome);
    }

    public Optional<UploadRow> find(BucketRow bucket, ObjectKey key, UploadId id) {
        return metadata.view().upload(bucket, key, id);
    }

    /** Uploads in order of key and id after the markers. */
    public List<UploadRow> list(BucketRow bucket, String prefix, String keyMarker, String idMarker, int limit) {
        return metadata.view().uploads(bucket, prefix, keyMarker, idMarker, limit);
    }

    public List<PartRow> parts(UploadId upload, int after, int limit) {
        return metadata.view().parts(upload, after, limit);
    }

    /** Stores a part; one of the same number is replaced. */
    public PartPut put(BucketRow bucket, UploadRow upload, int number, OptionalLong length, ContentSource source)
            throws IOException {
        Instant now = now();
        PartRow[] sealed = new PartRow[1];
        BlobWriter.Written written = writer.write(length, source, Labels.stripe(bucket, upload.key()), draft -> {
            sealed[0] = new PartRow(
                    number,
                    draft.blob().length(),
                    draft.facts().etag(),
                    now,
                    draft.facts().checksum(),
                    draft.blob());
            return Labels.sealedPart(bucket, upload.key(), upload.id(), sealed[0]);
        });
        long epoch = written.blob().id().epoch();
        Outcome outcome = commits.commit(
                epoch,
                new Command.PutPart(bucket.name(), upload.key(), upload.id(), epoch, sealed[0], degraded(written)),
                written.blob());
        return outcome instanceof Outcome.Done ? new PartPut.Stored(sealed[0]) : new PartPut.Refused(outcome);
    }

    /**
     * Finishes the upload with the chosen parts, which must be in ascending order.
     *
     * @param expected the client's checksum of the whole object, when it gave one
     */
    public CompleteResult complete(
            BucketRow bucket,
            UploadRow upload,
            List<PartChoice> choices,
            Precondition precondition,
            Optional<byte[]> expected) {
        MetadataView view = metadata.view();
        Optional<Outcome> early = Preconditions.refusal(
                precondition, view.object(bucket, upload.key()).map(ObjectRow::etag));
        if (early.isPresent()) {
            return repeated(bucket, upload.key(), upload.id(), choices)
                    .orElseGet(() -> new CompleteResult.Refused(early.get()));
        }
        Assembly assembly = new Assembly(upload, view.parts(upload.id(), 0, PartRow.NUMBER_MAX));
        Optional<CompleteResult> refusal = assembly.choose(choices, expected)
                .map(found ->
                        repeated(bucket, upload.key(), upload.id(), choices).orElse(found));
        return refusal.orElseGet(() -> seal(bucket, upload, assembly, precondition, choices));
    }

    /**
     * The answer to a completion that took effect before, when its client asks again because it did not hear of it: the
     * object, while it is that upload's, and of the same parts.
     */
    public Optional<CompleteResult> repeated(
            BucketRow bucket, ObjectKey key, UploadId upload, List<PartChoice> choices) {
        return metadata.view()
                .object(bucket, key)
                .filter(row -> row.upload().equals(Optional.of(upload)) && madeOf(row, choices))
                .map(CompleteResult.Stored::new);
    }

    private static boolean madeOf(ObjectRow row, List<PartChoice> choices) {
        try {
            return row.etag()
                    .equals(Assembly.etag(choices.stream().map(PartChoice::etag).toList()));
        } catch (IllegalArgumentException notEvenTags) {
            return false;
        }
    }

    private CompleteResult seal(
            BucketRow bucket,
            UploadRow upload,
            Assembly assembly,
            Precondition precondition,
            List<PartChoice> choices) {
        Instant now = now();
        BlobWriter.Written written = writer.writeSeal(blob -> Labels.sealed(bucket, assembly.row(blob, now)));
        BlobRef blob = written.blob();
        ObjectRow row = assembly.row(blob, now);
        long epoch = blob.id().epoch();
        Outcome outcome = commits.commit(
                epoch,
                new Command.CompleteUpload(bucket.name(), upload.id(), epoch, row, precondition, degraded(written)),
                blob);
        return switch (outcome) {
            case Outcome.Stored _ -> new CompleteResult.Stored(row);
            case Outcome.PartChanged(int number) -> new CompleteResult.InvalidPart(number);
            default ->
                // The same completion, sent twice at once, may have come first.
                repeated(bucket, upload.key(), upload.id(), choices)
                        .orElseGet(() -> new CompleteResult.Refused(outcome));
        };
    }

    /** Ends the upload and gives its space back. Answers Done, NoSuchBucket or NoSuchUpload. */
    public Outcome abort(BucketRow bucket, ObjectKey key, UploadId upload) {
        return metadata.apply(new Command.AbortUpload(bucket.name(), key, upload));
    }

    private static List<BlobRef> degraded(BlobWriter.Written written) {
        return written.degraded() ? List.of(written.blob()) : List.of();
    }

    private Instant now() {
        return clock.now().truncatedTo(ChronoUnit.MILLIS);
    }
}

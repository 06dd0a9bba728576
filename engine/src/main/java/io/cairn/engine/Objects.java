package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.CorruptFault;
import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whole objects: put, find, read, copy, delete, list. A put writes the content to the drives, then commits one row; the
 * precondition is checked early, to spare the client an upload in vain, and decided at the commit. Thread-safe.
 */
public final class Objects {
    private final Metadata metadata;
    private final BlobWriter writer;
    private final Commits commits;
    private final ShardReader shards;
    private final ReadBuffers buffers;
    private final OpenBlobs open;
    private final Clock clock;

    Objects(
            Metadata metadata,
            BlobWriter writer,
            Commits commits,
            ShardReader shards,
            ReadBuffers buffers,
            OpenBlobs open,
            Clock clock) {
        this.metadata = metadata;
        this.writer = writer;
        this.commits = commits;
        this.shards = shards;
        this.buffers = buffers;
        this.open = open;
        this.clock = clock;
    }

    /**
     * Stores the content under the key.
     *
     * @param headers the stored headers by lower-case name
     * @param length the announced length of the content, if there is one
     */
    public PutResult put(
            BucketRow bucket,
            ObjectKey key,
            Map<String, String> headers,
            Precondition precondition,
            OptionalLong length,
            ContentSource source)
            throws IOException {
        Optional<Outcome> early = refusal(bucket, key, precondition);
        if (early.isPresent()) {
            return new PutResult.Refused(early.get());
        }
        Instant now = clock.now().truncatedTo(ChronoUnit.MILLIS);
        ObjectRow[] sealed = new ObjectRow[1];
        BlobWriter.Written written = writer.write(length, source, Labels.stripe(bucket, key), draft -> {
            sealed[0] = onePiece(key, now, headers, draft);
            return Labels.sealed(bucket, sealed[0]);
        });
        ObjectRow row = sealed[0];
        List<BlobRef> degraded = written.degraded() ? List.of(written.blob()) : List.of();
        long epoch = written.blob().id().epoch();
        Outcome outcome = commits.commit(
                epoch,
                new Command.PutObject(bucket.name(), bucket.id(), epoch, row, precondition, degraded),
                written.blob());
        return outcome instanceof Outcome.Stored ? new PutResult.Stored(row) : new PutResult.Refused(outcome);
    }

    /** The current object under the key. */
    public Optional<ObjectRow> find(BucketRow bucket, ObjectKey key) {
        return metadata.view().object(bucket, key);
    }

    /**
     * Opens a range of the object for reading; empty when it was deleted meanwhile, then {@link #find} tells the news.
     */
    public Optional<ObjectRead> open(BucketRow bucket, ObjectRow row, long from, long length) {
        try {
            return ObjectRead.open(row, from, length, shards, buffers, open);
        } catch (CorruptFault lost) {
            // Reclaim may have come and gone between the finding and the pinning: then nothing is damaged.
            if (find(bucket, row.key()).filter(row::equals).isPresent()) {
                throw lost;
            }
            return Optional.empty();
        }
    }

    /** Removes the current object. Answers Deleted, NoSuchBucket, NoSuchKey or PreconditionFailed. */
    public Outcome delete(BucketRow bucket, ObjectKey key, Precondition precondition) {
        return metadata.apply(new Command.DeleteObject(bucket.name(), key, precondition));
    }

    public ListPage list(BucketRow bucket, ListQuery query) {
        return metadata.view().list(bucket, query);
    }

    private static ObjectRow onePiece(ObjectKey key, Instant now, Map<String, String> headers, BlobWriter.Draft draft) {
        BlobRef blob = draft.blob();
        ContentSource.Facts facts = draft.facts();
        ObjectPart part = new ObjectPart(0, blob.length(), blob, facts.checksum());
        return new ObjectRow(key, blob.length(), facts.etag(), now, headers, facts.checksum(), List.of(part), blob);
    }

    /** What the commit would answer if it came now, when that is a refusal. */
    private Optional<Outcome> refusal(BucketRow bucket, ObjectKey key, Precondition precondition) {
        if (precondition instanceof Precondition.None) {
            return Optional.empty();
        }
        MetadataView view = metadata.view();
        return Preconditions.refusal(precondition, view.object(bucket, key).map(ObjectRow::etag));
    }
}

package io.cairn.model;

import java.time.Instant;
import java.util.List;

/** A change of the metadata. Time and ids are chosen by the node that took the request and travel in the command. */
public sealed interface Command {
    /** Makes a bucket. Answers {@link Outcome.BucketMade} or {@link Outcome.BucketExists}. */
    record CreateBucket(BucketName name, String owner, String region, Instant at) implements Command {}

    /** Removes an empty bucket. Answers Done, NoSuchBucket or BucketNotEmpty (objects or unfinished uploads). */
    record DeleteBucket(BucketName name) implements Command {}

    /**
     * Takes the lease under which a gateway names blobs: answers {@link Outcome.Leased} with a fresh epoch. Every
     * earlier epoch of the same gateway ends, so that a paused one can never publish what was reclaimed meanwhile.
     */
    record AcquireLease(String gateway, Instant at) implements Command {}

    /**
     * Lets every epoch given out from now on be above {@code floor}; salvage says so of the blobs that it found.
     * Answers Done.
     */
    record RaiseEpoch(long floor) implements Command {}

    /**
     * Makes the row the current object under its key. Enqueues the reclaim of the object that it replaces, and a repair
     * for every blob in {@code degraded}. Answers Stored, NoSuchBucket, NoSuchKey, PreconditionFailed or LeaseEnded.
     *
     * @param bucketId the bucket as the gateway saw it; a bucket deleted and made again is another one
     * @param epoch the lease under which the row's blobs were named
     */
    record PutObject(
            BucketName bucket,
            long bucketId,
            long epoch,
            ObjectRow row,
            Precondition precondition,
            List<BlobRef> degraded)
            implements Command {}

    /**
     * Removes the current object and enqueues its reclaim. Answers Deleted, NoSuchBucket, NoSuchKey or
     * PreconditionFailed.
     */
    record DeleteObject(BucketName bucket, ObjectKey key, Precondition precondition) implements Command {}

    /** Begins a multipart upload. Answers Done or NoSuchBucket. */
    record CreateUpload(BucketName bucket, UploadRow upload) implements Command {}

    /** Adds or replaces a part; a replaced one is reclaimed. Answers Done, NoSuchBucket, NoSuchUpload or LeaseEnded. */
    record PutPart(BucketName bucket, ObjectKey key, UploadId upload, long epoch, PartRow part, List<BlobRef> degraded)
            implements Command {}

    /**
     * Finishes an upload: the row becomes the current object, its parts' blobs now belong to it, parts that it does not
     * use are reclaimed, as is the object that it replaces. Answers Stored, NoSuchBucket, NoSuchUpload, PartChanged (a
     * part of the row is not the upload's current part of that number), NoSuchKey, PreconditionFailed or LeaseEnded.
     */
    record CompleteUpload(
            BucketName bucket,
            UploadId upload,
            long epoch,
            ObjectRow row,
            Precondition precondition,
            List<BlobRef> degraded)
            implements Command {}

    /** Ends an upload and reclaims its parts. Answers Done, NoSuchBucket or NoSuchUpload. */
    record AbortUpload(BucketName bucket, ObjectKey key, UploadId upload) implements Command {}

    /** Takes finished entries off the reclaim queue. Answers Done. */
    record Reclaimed(List<Long> sequences) implements Command {
        public Reclaimed {
            sequences = List.copyOf(sequences);
        }
    }

    /** Puts blobs on the repair queue. Answers Done. */
    record NeedRepair(List<BlobRef> blobs) implements Command {
        public NeedRepair {
            blobs = List.copyOf(blobs);
        }
    }

    /** Takes finished entries off the repair queue. Answers Done. */
    record Repaired(List<Long> sequences) implements Command {
        public Repaired {
            sequences = List.copyOf(sequences);
        }
    }

    /** Adds or replaces an access key. Answers Done. */
    record PutUser(UserRow user) implements Command {}

    /** Notes how far scrubbing has come. Answers Done. */
    record NoteScrub(ScrubMark mark) implements Command {}

    /** Replaces the placement map if its version is the next one. Answers Done or VersionConflict. */
    record PutPlacement(Placement placement) implements Command {}
}

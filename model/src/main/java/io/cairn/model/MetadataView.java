package io.cairn.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads of the metadata. Each call sees one consistent state; two calls may see two. Lists are ordered by the bytes of
 * their keys. Safe for use by many threads.
 */
public interface MetadataView {
    Optional<BucketRow> bucket(BucketName name);

    List<BucketRow> buckets();

    /** The current object, with all its parts. */
    Optional<ObjectRow> object(BucketRow bucket, ObjectKey key);

    /** One page of a bucket's current objects and common prefixes. */
    ListPage list(BucketRow bucket, ListQuery query);

    Optional<UploadRow> upload(BucketRow bucket, ObjectKey key, UploadId id);

    /** Uploads after the marker (both parts empty for the start), at most {@code limit}, by key and then upload id. */
    List<UploadRow> uploads(BucketRow bucket, String prefix, String keyMarker, String idMarker, int limit);

    /** Parts with numbers above {@code after}, at most {@code limit}, in order. */
    List<PartRow> parts(UploadId upload, int after, int limit);

    Optional<UserRow> user(String accessKey);

    List<UserRow> users();

    Optional<Placement> placement();

    /** The oldest entries of the reclaim queue with a sequence above {@code after} (zero for the start). */
    List<Queued> reclaims(long after, int limit);

    /** The oldest entries of the repair queue with a sequence above {@code after} (zero for the start). */
    List<Queued> repairs(long after, int limit);

    /** Objects and bytes, over everything and per bucket, kept with each commit. */
    Usage usage();

    Usage usage(BucketRow bucket);

    /** Passes every blob that a row refers to (objects, seals, unfinished parts) until the visitor answers false. */
    void blobs(Predicate<BlobRef> visitor);

    /**
     * The blobs of some rows behind the position (empty for the start), in an order that stays; at most {@code rows}
     * rows. Each page is of a moment of its own.
     */
    BlobPage blobs(String after, int rows);

    /** How far scrubbing has come, if it ever began. */
    Optional<ScrubMark> scrub();

    /** @param next where the next page begins; empty when this was the last */
    record BlobPage(List<BlobRef> blobs, String next) {
        public BlobPage {
            blobs = List.copyOf(blobs);
        }
    }

    /** An entry of a persistent queue. */
    record Queued(long sequence, BlobRef blob) {}

    /** What is stored, as clients see it. */
    record Usage(long objects, long bytes) {}
}

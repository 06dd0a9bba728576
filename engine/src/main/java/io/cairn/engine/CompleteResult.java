package io.cairn.engine;

import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;

/** What became of the completion of a multipart upload. */
public sealed interface CompleteResult {
    record Stored(ObjectRow row) implements CompleteResult {}

    /** The outcome says why: NoSuchBucket, NoSuchUpload, NoSuchKey, PreconditionFailed. */
    record Refused(Outcome reason) implements CompleteResult {}

    /** The part is not there, or its entity tag or checksum is another one. */
    record InvalidPart(int number) implements CompleteResult {}

    /** A part that is not the last is smaller than {@link Uploads#PART_BYTES_MIN}. */
    record PartTooSmall(int number, long size) implements CompleteResult {}

    /** The object would be larger than {@link Uploads#OBJECT_BYTES_MAX}. */
    record TooLarge(long size) implements CompleteResult {}

    /** The client's checksum of the whole object is another one than that of the parts. */
    record ChecksumMismatch() implements CompleteResult {}
}

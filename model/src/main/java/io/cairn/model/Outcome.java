package io.cairn.model;

import java.util.Optional;

/** The state machine's answer to a {@link Command}: expected outcomes, never operating faults. */
public sealed interface Outcome {
    /** It took effect, or was so already; there is nothing more to say. */
    record Done() implements Outcome {}

    record BucketMade(long bucketId) implements Outcome {}

    record BucketExists(String owner) implements Outcome {}

    record NoSuchBucket() implements Outcome {}

    record BucketNotEmpty() implements Outcome {}

    record Leased(long epoch) implements Outcome {}

    record LeaseEnded() implements Outcome {}

    /** The row is current now; {@code replaced} is the entity tag of the object that was there. */
    record Stored(Optional<ETag> replaced) implements Outcome {}

    record Deleted() implements Outcome {}

    record NoSuchKey() implements Outcome {}

    record PreconditionFailed() implements Outcome {}

    record NoSuchUpload() implements Outcome {}

    record PartChanged(int number) implements Outcome {}

    record VersionConflict(long current) implements Outcome {}
}

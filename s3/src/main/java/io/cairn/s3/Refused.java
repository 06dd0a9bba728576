package io.cairn.s3;

import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UncertainFault;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;

/** S3's errors for what the engine answers instead of success. Stateless. */
final class Refused {
    private Refused() {}

    /** The error for an outcome that is a refusal. */
    static S3Exception by(Outcome outcome, Precondition precondition) {
        return switch (outcome) {
            case Outcome.NoSuchBucket _ -> new S3Exception(S3Error.NO_SUCH_BUCKET);
            case Outcome.NoSuchKey _ -> new S3Exception(S3Error.NO_SUCH_KEY);
            case Outcome.NoSuchUpload _ -> new S3Exception(S3Error.NO_SUCH_UPLOAD);
            case Outcome.BucketNotEmpty _ -> new S3Exception(S3Error.BUCKET_NOT_EMPTY);
            case Outcome.BucketExists _ -> new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
            case Outcome.PreconditionFailed _ ->
                new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", condition(precondition));
            case Outcome.PartChanged _, Outcome.VersionConflict _, Outcome.LeaseEnded _ ->
                new S3Exception(S3Error.OPERATION_ABORTED);
            case Outcome.Done _, Outcome.BucketMade _, Outcome.Leased _, Outcome.Stored _, Outcome.Deleted _ ->
                throw new IllegalStateException("not a refusal: " + outcome);
        };
    }

    static S3Exception by(Outcome outcome) {
        return by(outcome, new Precondition.None());
    }

    /** The error for an operating fault. Its message stays here: it speaks of drives and paths. */
    static S3Exception by(StorageFault fault) {
        return switch (fault) {
            case UnavailableFault _ -> new S3Exception(S3Error.SLOW_DOWN);
            case UncertainFault _, CorruptFault _ -> new S3Exception(S3Error.INTERNAL_ERROR);
            case DriveFault drive ->
                new S3Exception(
                        drive.kind() == DriveFault.Kind.FULL ? S3Error.STORAGE_FULL : S3Error.SERVICE_UNAVAILABLE);
        };
    }

    private static String condition(Precondition precondition) {
        return precondition instanceof Precondition.Absent ? "If-None-Match" : "If-Match";
    }
}

package io.cairn.engine;

import io.cairn.model.BlobRef;
import io.cairn.model.Command;
import io.cairn.model.Outcome;
import io.cairn.model.UnavailableFault;

/**
 * Commits rows whose blobs are on the drives already, and erases a blob whose row was certainly refused. After an
 * uncertain end the blob is kept: its row may be in the log. Thread-safe.
 */
final class Commits {
    private final Metadata metadata;
    private final Lease lease;
    private final BlobEraser eraser;

    Commits(Metadata metadata, Lease lease, BlobEraser eraser) {
        this.metadata = metadata;
        this.lease = lease;
        this.eraser = eraser;
    }

    /** Submits the command; {@code blob} was written for it under {@code epoch}. */
    Outcome commit(long epoch, Command command, BlobRef blob) {
        Outcome outcome = submit(command, blob);
        return switch (outcome) {
            case Outcome.Done _, Outcome.Stored _ -> outcome;
            case Outcome.LeaseEnded _ -> {
                eraser.erase(blob);
                lease.renew(epoch);
                throw new UnavailableFault("the node's lease " + epoch + " had ended when blob " + blob.id()
                        + " was to be committed; a new one was taken, try again");
            }
            case Outcome.BucketMade _,
                    Outcome.BucketExists _,
                    Outcome.NoSuchBucket _,
                    Outcome.BucketNotEmpty _,
                    Outcome.Leased _,
                    Outcome.Deleted _,
                    Outcome.NoSuchKey _,
                    Outcome.PreconditionFailed _,
                    Outcome.NoSuchUpload _,
                    Outcome.PartChanged _,
                    Outcome.VersionConflict _ -> {
                eraser.erase(blob);
                yield outcome;
            }
        };
    }

    private Outcome submit(Command command, BlobRef blob) {
        try {
            return metadata.apply(command);
        } catch (UnavailableFault refused) {
            eraser.erase(blob);
            throw refused;
        }
    }
}

package io.cairn.metadata;

import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.ETag;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import java.util.Optional;

/** Decides the commands on whole objects. For the applying thread alone. */
final class ObjectDecisions {
    private final Ledger ledger;

    ObjectDecisions(Ledger ledger) {
        this.ledger = ledger;
    }

    Outcome put(Command.PutObject put) {
        Optional<BucketRow> bucket = ledger.bucket(put.bucket());
        if (bucket.isEmpty() || bucket.get().id() != put.bucketId()) {
            return new Outcome.NoSuchBucket();
        }
        Optional<ObjectRow> current = ledger.object(put.bucketId(), put.row().key());
        if (repeated(current, put.row())) {
            return new Outcome.Stored(Optional.empty());
        }
        if (!ledger.leased(put.epoch())) {
            return new Outcome.LeaseEnded();
        }
        Optional<Outcome> refusal = refusal(put.precondition(), current);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        ledger.store(put.bucketId(), current, put.row());
        ledger.repair(put.degraded());
        return new Outcome.Stored(current.map(ObjectRow::etag));
    }

    Outcome delete(Command.DeleteObject delete) {
        Optional<BucketRow> bucket = ledger.bucket(delete.bucket());
        if (bucket.isEmpty()) {
            return new Outcome.NoSuchBucket();
        }
        long bucketId = bucket.get().id();
        Optional<ObjectRow> current = ledger.object(bucketId, delete.key());
        Optional<Outcome> refusal = refusal(delete.precondition(), current);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        current.ifPresent(row -> ledger.remove(bucketId, row));
        return new Outcome.Deleted();
    }

    /**
     * Whether the row is current already: a command whose fate was unknown was sent again. Checked before lease and
     * precondition, which the first one met; nothing may be reclaimed then, least of all the row's own blob.
     */
    static boolean repeated(Optional<ObjectRow> current, ObjectRow row) {
        return current.isPresent()
                && current.get().seal().id().equals(row.seal().id());
    }

    static Optional<Outcome> refusal(Precondition precondition, Optional<ObjectRow> current) {
        return switch (precondition) {
            case Precondition.None() -> Optional.empty();
            case Precondition.Absent() ->
                current.isPresent() ? Optional.of(new Outcome.PreconditionFailed()) : Optional.empty();
            case Precondition.Exists() -> current.isPresent() ? Optional.empty() : Optional.of(new Outcome.NoSuchKey());
            case Precondition.Matches(ETag etag) -> mismatch(etag, current);
        };
    }

    private static Optional<Outcome> mismatch(ETag etag, Optional<ObjectRow> current) {
        if (current.isEmpty()) {
            return Optional.of(new Outcome.NoSuchKey());
        }
        return current.get().etag().equals(etag) ? Optional.empty() : Optional.of(new Outcome.PreconditionFailed());
    }
}

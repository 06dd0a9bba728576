package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.Outcome;
import io.cairn.model.Placement;
import io.cairn.model.RowCodec;
import io.cairn.model.ScrubMark;
import io.cairn.model.UserRow;
import java.util.List;
import java.util.Optional;

/**
 * Decides each command against the state that the commands before it left: answers it, and notes its effects as pending
 * rows. A refused command has no effect at all. Depends on nothing but the state and the command. For the applying
 * thread alone.
 */
final class Decisions {
    private final Ledger ledger;
    private final ObjectDecisions objects;
    private final UploadDecisions uploads;

    Decisions(PendingRows rows) {
        ledger = new Ledger(rows);
        objects = new ObjectDecisions(ledger);
        uploads = new UploadDecisions(ledger);
    }

    Outcome decide(Command command) {
        return switch (command) {
            case Command.CreateBucket create -> createBucket(create);
            case Command.DeleteBucket delete -> deleteBucket(delete);
            case Command.AcquireLease acquire -> acquireLease(acquire);
            case Command.RaiseEpoch(long floor) -> raiseEpoch(floor);
            case Command.PutObject put -> objects.put(put);
            case Command.DeleteObject delete -> objects.delete(delete);
            case Command.CreateUpload create -> uploads.create(create);
            case Command.PutPart put -> uploads.putPart(put);
            case Command.CompleteUpload complete -> uploads.complete(complete);
            case Command.AbortUpload abort -> uploads.abort(abort);
            case Command.Reclaimed(List<Long> sequences) -> finish(Family.RECLAIM, sequences);
            case Command.NeedRepair need -> needRepair(need);
            case Command.Repaired(List<Long> sequences) -> finish(Family.REPAIRS, sequences);
            case Command.PutUser(UserRow user) -> putUser(user);
            case Command.NoteScrub(ScrubMark mark) -> noteScrub(mark);
            case Command.PutPlacement(Placement placement) -> putPlacement(placement);
        };
    }

    private Outcome createBucket(Command.CreateBucket create) {
        Optional<BucketRow> existing = ledger.bucket(create.name());
        if (existing.isPresent()) {
            return new Outcome.BucketExists(existing.get().owner());
        }
        long id = ledger.take(RowKeys.NEXT_BUCKET);
        BucketRow row = new BucketRow(create.name(), id, create.at(), create.owner(), create.region());
        ledger.rows().put(Family.BUCKETS, create.name().value().getBytes(US_ASCII), RowCodec.encodeBucket(row));
        return new Outcome.BucketMade(id);
    }

    private Outcome deleteBucket(Command.DeleteBucket delete) {
        Optional<BucketRow> bucket = ledger.bucket(delete.name());
        if (bucket.isEmpty()) {
            return new Outcome.NoSuchBucket();
        }
        byte[] usageKey = RowKeys.usage(bucket.get().id());
        Ledger.Use use = ledger.usage(usageKey);
        if (use.objects() > 0 || use.uploads() > 0) {
            return new Outcome.BucketNotEmpty();
        }
        ledger.rows().delete(Family.BUCKETS, delete.name().value().getBytes(US_ASCII));
        ledger.rows().delete(Family.META, usageKey);
        return new Outcome.Done();
    }

    private Outcome acquireLease(Command.AcquireLease acquire) {
        PendingRows rows = ledger.rows();
        byte[] lease = RowKeys.lease(acquire.gateway());
        rows.get(Family.META, lease)
                .map(Ledger::decodeNumber)
                .ifPresent(ended -> rows.delete(Family.META, RowKeys.epoch(ended)));
        long epoch = ledger.take(RowKeys.NEXT_EPOCH);
        ledger.counter(lease, epoch);
        rows.put(Family.META, RowKeys.epoch(epoch), RowKeys.name(acquire.gateway()));
        return new Outcome.Leased(epoch);
    }

    private Outcome raiseEpoch(long floor) {
        if (ledger.counter(RowKeys.NEXT_EPOCH) <= floor) {
            ledger.counter(RowKeys.NEXT_EPOCH, floor + 1);
        }
        return new Outcome.Done();
    }

    private Outcome finish(Family queue, List<Long> sequences) {
        sequences.forEach(sequence -> ledger.rows().delete(queue, RowKeys.sequence(sequence)));
        return new Outcome.Done();
    }

    private Outcome needRepair(Command.NeedRepair need) {
        ledger.repair(need.blobs());
        return new Outcome.Done();
    }

    private Outcome putUser(UserRow user) {
        ledger.rows().put(Family.USERS, RowKeys.name(user.accessKey()), RowCodec.encodeUser(user));
        return new Outcome.Done();
    }

    private Outcome noteScrub(ScrubMark mark) {
        ledger.rows().put(Family.META, RowKeys.SCRUB, RowCodec.encodeScrub(mark));
        return new Outcome.Done();
    }

    private Outcome putPlacement(Placement placement) {
        long current = ledger.rows()
                .get(Family.META, RowKeys.PLACEMENT)
                .map(value -> RowCodec.decodePlacement(value).version())
                .orElse(0L);
        if (placement.version() != current + 1) {
            return new Outcome.VersionConflict(current);
        }
        ledger.rows().put(Family.META, RowKeys.PLACEMENT, RowCodec.encodePlacement(placement));
        return new Outcome.Done();
    }
}

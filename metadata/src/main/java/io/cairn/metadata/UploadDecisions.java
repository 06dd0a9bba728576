package io.cairn.metadata;

import io.cairn.model.BlobId;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.PartRow;
import io.cairn.model.RowCodec;
import io.cairn.model.UploadId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Decides the commands on multipart uploads. For the applying thread alone. */
final class UploadDecisions {
    private final Ledger ledger;

    UploadDecisions(Ledger ledger) {
        this.ledger = ledger;
    }

    Outcome create(Command.CreateUpload create) {
        Optional<BucketRow> bucket = ledger.bucket(create.bucket());
        if (bucket.isEmpty()) {
            return new Outcome.NoSuchBucket();
        }
        long bucketId = bucket.get().id();
        byte[] key =
                RowKeys.upload(bucketId, create.upload().key(), create.upload().id());
        if (ledger.rows().get(Family.UPLOADS, key).isEmpty()) {
            ledger.rows().put(Family.UPLOADS, key, RowCodec.encodeUpload(create.upload()));
            ledger.countUpload(bucketId, 1);
        }
        return new Outcome.Done();
    }

    Outcome putPart(Command.PutPart put) {
        Optional<BucketRow> bucket = ledger.bucket(put.bucket());
        if (bucket.isEmpty()) {
            return new Outcome.NoSuchBucket();
        }
        if (!known(bucket.get().id(), put.key(), put.upload())) {
            return new Outcome.NoSuchUpload();
        }
        byte[] key = RowKeys.part(put.upload(), put.part().number());
        Optional<PartRow> before = ledger.rows().get(Family.PARTS, key).map(RowCodec::decodePart);
        if (before.isPresent()
                && before.get().blob().id().equals(put.part().blob().id())) {
            return new Outcome.Done();
        }
        if (!ledger.leased(put.epoch())) {
            return new Outcome.LeaseEnded();
        }
        ledger.rows().put(Family.PARTS, key, RowCodec.encodePart(put.part()));
        before.ifPresent(part -> ledger.reclaim(part.blob()));
        ledger.repair(put.degraded());
        return new Outcome.Done();
    }

    Outcome complete(Command.CompleteUpload complete) {
        Optional<BucketRow> bucket = ledger.bucket(complete.bucket());
        if (bucket.isEmpty()) {
            return new Outcome.NoSuchBucket();
        }
        long bucketId = bucket.get().id();
        ObjectRow row = complete.row().of(complete.upload());
        Optional<ObjectRow> current = ledger.object(bucketId, row.key());
        if (!known(bucketId, row.key(), complete.upload())) {
            return ObjectDecisions.repeated(current, row)
                    ? new Outcome.Stored(Optional.empty())
                    : new Outcome.NoSuchUpload();
        }
        if (!ledger.leased(complete.epoch())) {
            return new Outcome.LeaseEnded();
        }
        Map<Integer, PartRow> parts = parts(complete.upload());
        OptionalInt changed = changed(row, parts);
        if (changed.isPresent()) {
            return new Outcome.PartChanged(changed.getAsInt());
        }
        Optional<Outcome> refusal = ObjectDecisions.refusal(complete.precondition(), current);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        ledger.store(bucketId, current, row);
        end(bucketId, row.key(), complete.upload(), parts, used(row));
        ledger.repair(complete.degraded());
        return new Outcome.Stored(current.map(ObjectRow::etag));
    }

    Outcome abort(Command.AbortUpload abort) {
        Optional<BucketRow> bucket = ledger.bucket(abort.bucket());
        if (bucket.isEmpty()) {
            return new Outcome.NoSuchBucket();
        }
        long bucketId = bucket.get().id();
        if (!known(bucketId, abort.key(), abort.upload())) {
            return new Outcome.NoSuchUpload();
        }
        end(bucketId, abort.key(), abort.upload(), parts(abort.upload()), Set.of());
        return new Outcome.Done();
    }

    /** Removes the upload with its parts, and reclaims those whose blob nobody uses. */
    private void end(
            long bucketId, ObjectKey key, UploadId upload, Map<Integer, PartRow> parts, Set<BlobId> usedBlobs) {
        ledger.rows().delete(Family.UPLOADS, RowKeys.upload(bucketId, key, upload));
        ledger.countUpload(bucketId, -1);
        for (PartRow part : parts.values()) {
            ledger.rows().delete(Family.PARTS, RowKeys.part(upload, part.number()));
            if (!usedBlobs.contains(part.blob().id())) {
                ledger.reclaim(part.blob());
            }
        }
    }

    private boolean known(long bucketId, ObjectKey key, UploadId upload) {
        return ledger.rows()
                .get(Family.UPLOADS, RowKeys.upload(bucketId, key, upload))
                .isPresent();
    }

    private Map<Integer, PartRow> parts(UploadId upload) {
        Map<Integer, PartRow> parts = new TreeMap<>();
        for (byte[] value :
                ledger.rows().scan(Family.PARTS, RowKeys.parts(upload)).values()) {
            PartRow part = RowCodec.decodePart(value);
            parts.put(part.number(), part);
        }
        return parts;
    }

    /** The first part of the row that is not what was uploaded last under its number. */
    private static OptionalInt changed(ObjectRow row, Map<Integer, PartRow> parts) {
        for (ObjectPart part : row.parts()) {
            PartRow uploaded = parts.get(part.number());
            if (uploaded == null || !uploaded.blob().id().equals(part.blob().id())) {
                return OptionalInt.of(part.number());
            }
        }
        return OptionalInt.empty();
    }

    private static Set<BlobId> used(ObjectRow row) {
        Set<BlobId> used = new HashSet<>();
        row.parts().forEach(part -> used.add(part.blob().id()));
        return used;
    }
}

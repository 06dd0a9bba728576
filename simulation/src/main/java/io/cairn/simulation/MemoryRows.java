package io.cairn.simulation;

import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.PartRow;
import io.cairn.model.Placement;
import io.cairn.model.Precondition;
import io.cairn.model.ScrubMark;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import io.cairn.model.UserRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the commands mean, in sorted maps. Not safe for use by many threads: its owner locks. */
final class MemoryRows {
    /** Where an upload stands. */
    record UploadKey(long bucketId, ObjectKey key, UploadId upload) {}

    /** An unfinished upload with its parts by number. */
    record Upload(UploadRow row, NavigableMap<Integer, PartRow> parts) {}

    final NavigableMap<BucketName, BucketRow> buckets = new TreeMap<>();
    final Map<Long, NavigableMap<ObjectKey, ObjectRow>> objects = new HashMap<>();
    final NavigableMap<UploadKey, Upload> uploads = new TreeMap<>(Comparator.comparingLong(UploadKey::bucketId)
            .thenComparing(UploadKey::key)
            .thenComparing(UploadKey::upload));
    Optional<ScrubMark> scrub = Optional.empty();
    final NavigableMap<Long, BlobRef> reclaim = new TreeMap<>();
    final NavigableMap<Long, BlobRef> repairs = new TreeMap<>();
    final Map<String, UserRow> users = new HashMap<>();
    final Map<String, Long> leases = new HashMap<>();
    Optional<Placement> placement = Optional.empty();
    private long bucketsMade;
    private long lastEpoch;
    private long reclaimed;
    private long repaired;

    NavigableMap<ObjectKey, ObjectRow> objects(long bucketId) {
        return objects.computeIfAbsent(bucketId, _ -> new TreeMap<>());
    }

    Outcome apply(Command command) {
        return switch (command) {
            case Command.CreateBucket create -> createBucket(create);
            case Command.DeleteBucket delete -> deleteBucket(delete);
            case Command.AcquireLease acquire -> {
                leases.put(acquire.gateway(), ++lastEpoch);
                yield new Outcome.Leased(lastEpoch);
            }
            case Command.RaiseEpoch raise -> {
                lastEpoch = Math.max(lastEpoch, raise.floor());
                yield new Outcome.Done();
            }
            case Command.PutObject put -> putObject(put);
            case Command.DeleteObject delete -> deleteObject(delete);
            case Command.CreateUpload create -> createUpload(create);
            case Command.PutPart put -> putPart(put);
            case Command.CompleteUpload complete -> complete(complete);
            case Command.AbortUpload abort -> abort(abort);
            case Command.Reclaimed done -> {
                done.sequences().forEach(reclaim::remove);
                yield new Outcome.Done();
            }
            case Command.NeedRepair need -> {
                repair(need.blobs());
                yield new Outcome.Done();
            }
            case Command.Repaired done -> {
                done.sequences().forEach(repairs::remove);
                yield new Outcome.Done();
            }
            case Command.PutUser put -> {
                users.put(put.user().accessKey(), put.user());
                yield new Outcome.Done();
            }
            case Command.NoteScrub note -> {
                scrub = Optional.of(note.mark());
                yield new Outcome.Done();
            }
            case Command.PutPlacement put -> putPlacement(put.placement());
        };
    }

    /** The object's blobs, each once, parts first. */
    static List<BlobRef> blobs(ObjectRow row) {
        List<BlobRef> blobs = new ArrayList<>();
        row.parts().stream().map(ObjectPart::blob).forEach(blobs::add);
        if (blobs.stream().noneMatch(blob -> blob.id().equals(row.seal().id()))) {
            blobs.add(row.seal());
        }
        return blobs;
    }

    private Outcome createBucket(Command.CreateBucket create) {
        BucketRow existing = buckets.get(create.name());
        if (existing != null) {
            return new Outcome.BucketExists(existing.owner());
        }
        long id = ++bucketsMade;
        buckets.put(create.name(), new BucketRow(create.name(), id, create.at(), create.owner(), create.region()));
        return new Outcome.BucketMade(id);
    }

    private Outcome deleteBucket(Command.DeleteBucket delete) {
        BucketRow bucket = buckets.get(delete.name());
        if (bucket == null) {
            return new Outcome.NoSuchBucket();
        }
        if (!objects(bucket.id()).isEmpty()
                || uploads.keySet().stream().anyMatch(upload -> upload.bucketId() == bucket.id())) {
            return new Outcome.BucketNotEmpty();
        }
        buckets.remove(delete.name());
        return new Outcome.Done();
    }

    private Outcome putObject(Command.PutObject put) {
        BucketRow bucket = buckets.get(put.bucket());
        if (bucket == null || bucket.id() != put.bucketId()) {
            return new Outcome.NoSuchBucket();
        }
        Optional<ObjectRow> current = current(bucket, put.row().key());
        if (sameSeal(current, put.row())) {
            return new Outcome.Stored(Optional.empty());
        }
        if (!leases.containsValue(put.epoch())) {
            return new Outcome.LeaseEnded();
        }
        return refusal(put.precondition(), current).orElseGet(() -> store(bucket, current, put.row(), put.degraded()));
    }

    private Outcome deleteObject(Command.DeleteObject delete) {
        BucketRow bucket = buckets.get(delete.bucket());
        if (bucket == null) {
            return new Outcome.NoSuchBucket();
        }
        Optional<ObjectRow> current = current(bucket, delete.key());
        Optional<Outcome> refusal = refusal(delete.precondition(), current);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        objects(bucket.id()).remove(delete.key());
        current.ifPresent(row -> blobs(row).forEach(this::reclaim));
        return new Outcome.Deleted();
    }

    private Outcome createUpload(Command.CreateUpload create) {
        BucketRow bucket = buckets.get(create.bucket());
        if (bucket == null) {
            return new Outcome.NoSuchBucket();
        }
        UploadRow row = create.upload();
        uploads.putIfAbsent(new UploadKey(bucket.id(), row.key(), row.id()), new Upload(row, new TreeMap<>()));
        return new Outcome.Done();
    }

    private Outcome putPart(Command.PutPart put) {
        BucketRow bucket = buckets.get(put.bucket());
        if (bucket == null) {
            return new Outcome.NoSuchBucket();
        }
        Upload upload = uploads.get(new UploadKey(bucket.id(), put.key(), put.upload()));
        if (upload == null) {
            return new Outcome.NoSuchUpload();
        }
        PartRow before = upload.parts().get(put.part().number());
        if (before != null && before.blob().id().equals(put.part().blob().id())) {
            return new Outcome.Done();
        }
        if (!leases.containsValue(put.epoch())) {
            return new Outcome.LeaseEnded();
        }
        upload.parts().put(put.part().number(), put.part());
        if (before != null) {
            reclaim(before.blob());
        }
        repair(put.degraded());
        return new Outcome.Done();
    }

    private Outcome complete(Command.CompleteUpload complete) {
        BucketRow bucket = buckets.get(complete.bucket());
        if (bucket == null) {
            return new Outcome.NoSuchBucket();
        }
        ObjectRow row = complete.row().of(complete.upload());
        Optional<ObjectRow> current = current(bucket, row.key());
        UploadKey key = new UploadKey(bucket.id(), row.key(), complete.upload());
        Upload upload = uploads.get(key);
        if (upload == null) {
            return sameSeal(current, row) ? new Outcome.Stored(Optional.empty()) : new Outcome.NoSuchUpload();
        }
        if (!leases.containsValue(complete.epoch())) {
            return new Outcome.LeaseEnded();
        }
        for (ObjectPart part : row.parts()) {
            PartRow uploaded = upload.parts().get(part.number());
            if (uploaded == null || !uploaded.blob().id().equals(part.blob().id())) {
                return new Outcome.PartChanged(part.number());
            }
        }
        Optional<Outcome> refusal = refusal(complete.precondition(), current);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Outcome stored = store(bucket, current, row, List.of());
        uploads.remove(key);
        upload.parts().values().stream()
                .filter(part -> !holds(row, part.blob().id()))
                .forEach(part -> reclaim(part.blob()));
        repair(complete.degraded());
        return stored;
    }

    private Outcome abort(Command.AbortUpload abort) {
        BucketRow bucket = buckets.get(abort.bucket());
        if (bucket == null) {
            return new Outcome.NoSuchBucket();
        }
        Upload upload = uploads.remove(new UploadKey(bucket.id(), abort.key(), abort.upload()));
        if (upload == null) {
            return new Outcome.NoSuchUpload();
        }
        upload.parts().values().forEach(part -> reclaim(part.blob()));
        return new Outcome.Done();
    }

    private Outcome putPlacement(Placement next) {
        long current = placement.map(Placement::version).orElse(0L);
        if (next.version() != current + 1) {
            return new Outcome.VersionConflict(current);
        }
        placement = Optional.of(next);
        return new Outcome.Done();
    }

    private Outcome store(BucketRow bucket, Optional<ObjectRow> before, ObjectRow row, List<BlobRef> degraded) {
        objects(bucket.id()).put(row.key(), row);
        before.ifPresent(old -> blobs(old).stream()
                .filter(blob -> !holds(row, blob.id()))
                .collect(Collectors.toMap(BlobRef::id, blob -> blob, (one, _) -> one, LinkedHashMap::new))
                .values()
                .forEach(this::reclaim));
        repair(degraded);
        return new Outcome.Stored(before.map(ObjectRow::etag));
    }

    private Optional<ObjectRow> current(BucketRow bucket, ObjectKey key) {
        return Optional.ofNullable(objects(bucket.id()).get(key));
    }

    private void reclaim(BlobRef blob) {
        reclaim.put(++reclaimed, blob);
    }

    private void repair(List<BlobRef> blobs) {
        blobs.forEach(blob -> repairs.put(++repaired, blob));
    }

    private static boolean holds(ObjectRow row, BlobId id) {
        return blobs(row).stream().anyMatch(blob -> blob.id().equals(id));
    }

    private static boolean sameSeal(Optional<ObjectRow> current, ObjectRow row) {
        return current.filter(now -> now.seal().id().equals(row.seal().id())).isPresent();
    }

    private static Optional<Outcome> refusal(Precondition precondition, Optional<ObjectRow> current) {
        boolean there = current.isPresent();
        return switch (precondition) {
            case Precondition.None() -> Optional.empty();
            case Precondition.Absent() -> there ? Optional.of(new Outcome.PreconditionFailed()) : Optional.empty();
            case Precondition.Exists() -> there ? Optional.empty() : Optional.of(new Outcome.NoSuchKey());
            case Precondition.Matches(var etag) -> {
                if (!there) {
                    yield Optional.of(new Outcome.NoSuchKey());
                }
                boolean same = current.get().etag().equals(etag);
                yield same ? Optional.empty() : Optional.of(new Outcome.PreconditionFailed());
            }
        };
    }
}

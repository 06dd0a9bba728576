package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.MetadataView;
import io.cairn.model.MetadataView.Queued;
import io.cairn.model.MetadataView.Usage;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.PartRow;
import io.cairn.model.Placement;
import io.cairn.model.RowCodec;
import io.cairn.model.ScrubMark;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import io.cairn.model.UserRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The reads of one open database; the caller is counted as its user. Safe for use by many threads. */
final class Reads {
    /** Behind every key of the families whose keys are text or sequences. */
    static final byte[] END = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};

    private static final byte[] START = {};

    private final Database database;

    Reads(Database database) {
        this.database = database;
    }

    Optional<BucketRow> bucket(BucketName name) {
        return database.get(Family.BUCKETS, name.value().getBytes(US_ASCII)).map(RowCodec::decodeBucket);
    }

    List<BucketRow> buckets() {
        return values(Family.BUCKETS, START, END, Integer.MAX_VALUE, RowCodec::decodeBucket);
    }

    Optional<ObjectRow> object(BucketRow bucket, ObjectKey key) {
        byte[] row = RowKeys.object(bucket.id(), key);
        try (Moment moment = database.moment()) {
            return moment.get(Family.OBJECTS, row).map(value -> ObjectRows.decode(key, value, moment::get));
        }
    }

    Optional<UploadRow> upload(BucketRow bucket, ObjectKey key, UploadId id) {
        return database.get(Family.UPLOADS, RowKeys.upload(bucket.id(), key, id))
                .map(RowCodec::decodeUpload);
    }

    List<UploadRow> uploads(BucketRow bucket, String prefix, String keyMarker, String idMarker, int limit) {
        byte[] start = RowKeys.start(bucket.id(), prefix.getBytes(UTF_8));
        byte[] from = start;
        if (!keyMarker.isEmpty()) {
            byte[] marker = keyMarker.getBytes(UTF_8);
            byte[] behind = idMarker.isEmpty()
                    ? RowKeys.behind(bucket.id(), marker)
                    : Arrays.copyOf(
                            RowKeys.upload(bucket.id(), marker, idMarker),
                            RowKeys.upload(bucket.id(), marker, idMarker).length + 1);
            from = Arrays.compareUnsigned(behind, start) > 0 ? behind : start;
        }
        return values(Family.UPLOADS, from, RowKeys.successor(start), limit, RowCodec::decodeUpload);
    }

    List<PartRow> parts(UploadId upload, int after, int limit) {
        byte[] end = RowKeys.successor(RowKeys.parts(upload));
        byte[] from = after >= PartRow.NUMBER_MAX ? end : RowKeys.part(upload, Math.max(0, after) + 1);
        return values(Family.PARTS, from, end, limit, RowCodec::decodePart);
    }

    Optional<UserRow> user(String accessKey) {
        return database.get(Family.USERS, RowKeys.name(accessKey)).map(RowCodec::decodeUser);
    }

    List<UserRow> users() {
        return values(Family.USERS, START, END, Integer.MAX_VALUE, RowCodec::decodeUser);
    }

    Optional<Placement> placement() {
        return database.get(Family.META, RowKeys.PLACEMENT).map(RowCodec::decodePlacement);
    }

    Optional<ScrubMark> scrub() {
        return database.get(Family.META, RowKeys.SCRUB).map(RowCodec::decodeScrub);
    }

    /** The blobs of some rows behind the position; see {@link BlobPages}. */
    MetadataView.BlobPage blobs(String after, int rows) {
        try (Moment moment = database.moment()) {
            return new BlobPages(moment).page(after, rows);
        }
    }

    /** Starts at the floor of the queue, and raises it when it sees that what lies below is gone. */
    List<Queued> queue(Family queue, long after, int limit) {
        QueueFloor floor = database.floor(queue);
        long low = Math.max(1, floor.sequence());
        byte[] counter = queue == Family.RECLAIM ? RowKeys.NEXT_RECLAIM : RowKeys.NEXT_REPAIR;
        long next = database.get(Family.META, counter).map(Ledger::decodeNumber).orElse(1L);
        List<Queued> entries = new ArrayList<>();
        byte[] from = RowKeys.sequence(Math.max(low, after + 1));
        try (Cursor cursor = new Cursor(database, queue, null, from, END)) {
            for (; entries.size() < limit && cursor.valid(); cursor.next()) {
                entries.add(new Queued(RowKeys.sequenceOf(cursor.key()), RowCodec.decodeBlob(cursor.value())));
            }
        }
        if (after < low && limit > 0) {
            floor.raise(entries.isEmpty() ? next : entries.getFirst().sequence());
        }
        return entries;
    }

    Usage usage(byte[] key) {
        return database.get(Family.META, key)
                .map(Ledger.Use::decode)
                .map(use -> new Usage(use.objects(), use.bytes()))
                .orElse(new Usage(0, 0));
    }

    void blobs(Predicate<BlobRef> visitor) {
        try (Moment moment = database.moment()) {
            if (visitObjects(moment, visitor)) {
                visitParts(moment, visitor);
            }
        }
    }

    static ObjectRow objectAt(Cursor cursor, Moment moment) {
        byte[] row = cursor.key();
        ObjectKey key = ObjectKey.ofUtf8(RowKeys.keyIn(row, RowKeys.keyEnd(row)));
        return ObjectRows.decode(key, cursor.value(), moment::get);
    }

    private static boolean visitObjects(Moment moment, Predicate<BlobRef> visitor) {
        try (Cursor cursor = moment.cursor(Family.OBJECTS, START, END)) {
            for (; cursor.valid(); cursor.next()) {
                if (!visit(objectAt(cursor, moment), visitor)) {
                    return false;
                }
            }
        }
        return true;
    }

    static boolean visit(ObjectRow row, Predicate<BlobRef> visitor) {
        boolean sealSeen = false;
        for (ObjectPart part : row.parts()) {
            sealSeen |= part.blob().id().equals(row.seal().id());
            if (!visitor.test(part.blob())) {
                return false;
            }
        }
        return sealSeen || visitor.test(row.seal());
    }

    private static void visitParts(Moment moment, Predicate<BlobRef> visitor) {
        try (Cursor cursor = moment.cursor(Family.PARTS, START, END)) {
            while (cursor.valid()
                    && visitor.test(RowCodec.decodePart(cursor.value()).blob())) {
                cursor.next();
            }
        }
    }

    private <T> List<T> values(Family family, byte[] from, byte[] end, int limit, Function<byte[], T> decoder) {
        List<T> values = new ArrayList<>();
        if (limit == 0 || Arrays.compareUnsigned(from, end) >= 0) {
            return values;
        }
        try (Cursor cursor = new Cursor(database, family, null, from, end)) {
            for (; values.size() < limit && cursor.valid(); cursor.next()) {
                values.add(decoder.apply(cursor.value()));
            }
        }
        return values;
    }
}

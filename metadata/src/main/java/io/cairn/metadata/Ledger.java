package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.CorruptFault;
import io.cairn.model.Decoder;
import io.cairn.model.Encoder;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.RowCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decisions read and write, in nouns instead of bytes: rows, counters, queues and usage as they are after the
 * commands before. For the applying thread alone.
 */
final class Ledger {
    private final PendingRows rows;

    Ledger(PendingRows rows) {
        this.rows = rows;
    }

    PendingRows rows() {
        return rows;
    }

    Optional<BucketRow> bucket(BucketName name) {
        return rows.get(Family.BUCKETS, name.value().getBytes(US_ASCII)).map(RowCodec::decodeBucket);
    }

    Optional<ObjectRow> object(long bucketId, ObjectKey key) {
        return rows.get(Family.OBJECTS, RowKeys.object(bucketId, key))
                .map(value -> ObjectRows.decode(key, value, rows::get));
    }

    /** Makes the row current and frees what only the row before it held. */
    void store(long bucketId, Optional<ObjectRow> before, ObjectRow row) {
        before.ifPresent(old -> removeManifests(old));
        rows.put(Family.OBJECTS, RowKeys.object(bucketId, row.key()), RowCodec.encodeObject(row));
        List<byte[]> manifests = RowCodec.encodeManifests(row);
        for (int i = 0; i < manifests.size(); i++) {
            rows.put(Family.MANIFESTS, RowKeys.manifest(row.seal().id(), i), manifests.get(i));
        }
        Map<BlobId, BlobRef> kept = blobs(row);
        before.ifPresent(old -> reclaimBut(old, kept));
        long bytesBefore = before.map(ObjectRow::size).orElse(0L);
        use(bucketId, new Use(before.isPresent() ? 0 : 1, row.size() - bytesBefore, 0));
    }

    void remove(long bucketId, ObjectRow row) {
        removeManifests(row);
        rows.delete(Family.OBJECTS, RowKeys.object(bucketId, row.key()));
        reclaimBut(row, Map.of());
        use(bucketId, new Use(-1, -row.size(), 0));
    }

    void countUpload(long bucketId, int change) {
        use(bucketId, new Use(0, 0, change));
    }

    Use usage(byte[] key) {
        return rows.get(Family.META, key).map(Use::decode).orElse(Use.NOTHING);
    }

    boolean leased(long epoch) {
        return rows.get(Family.META, RowKeys.epoch(epoch)).isPresent();
    }

    void reclaim(BlobRef blob) {
        enqueue(Family.RECLAIM, RowKeys.NEXT_RECLAIM, blob);
    }

    void repair(List<BlobRef> blobs) {
        blobs.forEach(blob -> enqueue(Family.REPAIRS, RowKeys.NEXT_REPAIR, blob));
    }

    long counter(byte[] name) {
        return rows.get(Family.META, name).map(Ledger::decodeNumber).orElse(1L);
    }

    void counter(byte[] name, long next) {
        rows.put(Family.META, name, new Encoder().number(next).toBytes());
    }

    /** The counter's value, which nobody gets again. */
    long take(byte[] name) {
        long value = counter(name);
        counter(name, value + 1);
        return value;
    }

    static long decodeNumber(byte[] value) {
        Decoder in = new Decoder("counter", value);
        long number = in.number();
        in.finish();
        return number;
    }

    private void enqueue(Family queue, byte[] counter, BlobRef blob) {
        rows.put(queue, RowKeys.sequence(take(counter)), RowCodec.encodeBlob(blob));
    }

    private void reclaimBut(ObjectRow row, Map<BlobId, BlobRef> kept) {
        blobs(row).forEach((id, blob) -> {
            if (!kept.containsKey(id)) {
                reclaim(blob);
            }
        });
    }

    private void removeManifests(ObjectRow row) {
        for (int i = ObjectRows.manifests(row) - 1; i >= 0; i--) {
            rows.delete(Family.MANIFESTS, RowKeys.manifest(row.seal().id(), i));
        }
    }

    private void use(long bucketId, Use change) {
        for (byte[] key : List.of(RowKeys.USAGE, RowKeys.usage(bucketId))) {
            rows.put(Family.META, key, usage(key).plus(change).encode());
        }
    }

    /** The row's blobs, each once, parts first. */
    private static Map<BlobId, BlobRef> blobs(ObjectRow row) {
        Map<BlobId, BlobRef> blobs = new LinkedHashMap<>();
        for (ObjectPart part : row.parts()) {
            blobs.put(part.blob().id(), part.blob());
        }
        blobs.putIfAbsent(row.seal().id(), row.seal());
        return blobs;
    }

    /** What a bucket or everything holds: finished objects, their bytes, unfinished uploads. */
    record Use(long objects, long bytes, long uploads) {
        static final Use NOTHING = new Use(0, 0, 0);

        Use plus(Use other) {
            return new Use(objects + other.objects, bytes + other.bytes, uploads + other.uploads);
        }

        byte[] encode() {
            return new Encoder().number(objects).number(bytes).number(uploads).toBytes();
        }

        static Use decode(byte[] value) {
            Decoder in = new Decoder("usage", value);
            Use use = new Use(in.number(), in.number(), in.number());
            in.finish();
            if (use.objects < 0 || use.bytes < 0 || use.uploads < 0) {
                throw new CorruptFault("usage below zero: " + use);
            }
            return use;
        }
    }
}

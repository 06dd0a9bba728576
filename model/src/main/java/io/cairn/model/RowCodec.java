package io.cairn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The byte forms of the metadata's rows, version {@value #VERSION}: {@code docs/formats/metadata-rows.md}. Decoding
 * throws {@link CorruptFault} for everything that encoding did not write. Safe for use by many threads.
 */
public final class RowCodec {
    /** Up to this many parts stand in the object's own row; more go to manifest rows. */
    public static final int INLINE_PARTS_MAX = 16;
    /** Parts in each manifest row but the last. */
    public static final int MANIFEST_PARTS = 256;

    static final int VERSION = 1;
    private static final int ONE_PIECE = 0;
    private static final int INLINE = 1;
    private static final int MANIFEST = 2;
    private static final int UPLOADED = 3;

    private RowCodec() {}

    /** The row without its key, and without its parts when they are more than {@link #INLINE_PARTS_MAX}. */
    public static byte[] encodeObject(ObjectRow row) {
        Encoder out = new Encoder().octet(VERSION);
        RowForms.objectHead(out, row);
        row.upload().ifPresent(upload -> out.octet(UPLOADED).text(upload.value()));
        List<ObjectPart> parts = row.parts();
        if (parts.equals(onePiece(row))) {
            out.octet(ONE_PIECE);
        } else if (parts.size() <= INLINE_PARTS_MAX) {
            Forms.list(out.octet(INLINE), parts, RowForms::objectPart);
        } else {
            out.octet(MANIFEST).number(parts.size());
        }
        return out.toBytes();
    }

    /** The manifest rows that go with {@link #encodeObject}, in order; none when the parts stand in the row. */
    public static List<byte[]> encodeManifests(ObjectRow row) {
        List<ObjectPart> parts = row.parts();
        List<byte[]> rows = new ArrayList<>();
        for (int from = 0; parts.size() > INLINE_PARTS_MAX && from < parts.size(); from += MANIFEST_PARTS) {
            List<ObjectPart> some = parts.subList(from, Math.min(parts.size(), from + MANIFEST_PARTS));
            rows.add(versioned(some, (out, list) -> Forms.list(out, list, RowForms::objectPart)));
        }
        return rows;
    }

    /** Where an object's manifest rows are. */
    @FunctionalInterface
    public interface Manifests {
        /** The manifest row of that number, from 0, of the object with that seal. */
        byte[] row(BlobId seal, int number);
    }

    /** @param manifests asked only when the parts do not stand in the row */
    public static ObjectRow decodeObject(ObjectKey key, byte[] value, Manifests manifests) {
        return Decoder.whole("object row", value, in -> {
            in.version(VERSION);
            List<UploadId> maker = new ArrayList<>();
            ObjectRow row = RowForms.object(in, key, (rest, head) -> parts(rest, head, maker, manifests));
            return maker.isEmpty() ? row : row.of(maker.getFirst());
        });
    }

    /** What a listing shows of the row; reads no further than that. */
    public static ListPage.Entry decodeEntry(String key, byte[] value) {
        Decoder in = new Decoder("object row", value);
        in.version(VERSION);
        long size = RowForms.size(in);
        var modified = Forms.instant(in);
        ETag etag = Forms.etag(in);
        String checksum = Forms.bool(in) ? Forms.algorithm(in) + " " + Forms.checksumKind(in) : "";
        return new ListPage.Entry(key, size, etag, modified, checksum);
    }

    public static byte[] encodeUpload(UploadRow row) {
        return versioned(row, RowForms::upload);
    }

    public static UploadRow decodeUpload(byte[] value) {
        return versioned("upload row", value, RowForms::upload);
    }

    public static byte[] encodePart(PartRow row) {
        return versioned(row, RowForms::part);
    }

    public static PartRow decodePart(byte[] value) {
        return versioned("part row", value, RowForms::part);
    }

    public static byte[] encodeBucket(BucketRow row) {
        return versioned(row, RowForms::bucket);
    }

    public static BucketRow decodeBucket(byte[] value) {
        return versioned("bucket row", value, RowForms::bucket);
    }

    public static byte[] encodeUser(UserRow row) {
        return versioned(row, RowForms::user);
    }

    public static UserRow decodeUser(byte[] value) {
        return versioned("user row", value, RowForms::user);
    }

    public static byte[] encodePlacement(Placement map) {
        return versioned(map, RowForms::placement);
    }

    public static Placement decodePlacement(byte[] value) {
        return versioned("placement map", value, RowForms::placement);
    }

    public static byte[] encodeScrub(ScrubMark mark) {
        return versioned(mark, RowForms::scrub);
    }

    public static ScrubMark decodeScrub(byte[] value) {
        return versioned("scrub mark", value, RowForms::scrub);
    }

    /** The value of an entry of the reclaim or repair queue. */
    public static byte[] encodeBlob(BlobRef blob) {
        return versioned(blob, Forms::blob);
    }

    public static BlobRef decodeBlob(byte[] value) {
        return versioned("blob reference", value, Forms::blob);
    }

    private static List<ObjectPart> onePiece(ObjectRow row) {
        return List.of(new ObjectPart(0, row.size(), row.seal(), row.checksum()));
    }

    private static List<ObjectPart> parts(Decoder in, ObjectRow head, List<UploadId> maker, Manifests manifests) {
        int kind = in.octet();
        return switch (kind) {
            case UPLOADED -> {
                if (!maker.isEmpty()) {
                    throw in.refuse("an object of two uploads");
                }
                maker.add(new UploadId(in.text()));
                yield parts(in, head, maker, manifests);
            }
            case ONE_PIECE -> onePiece(head);
            case INLINE -> in.list(RowForms::objectPart);
            case MANIFEST -> manifestParts(in.count(), head.seal().id(), manifests);
            default -> throw in.refuse("parts of kind " + kind);
        };
    }

    private static List<ObjectPart> manifestParts(int count, BlobId seal, Manifests manifests) {
        List<ObjectPart> parts = new ArrayList<>();
        for (int number = 0; parts.size() < count; number++) {
            List<ObjectPart> some =
                    versioned("manifest row", manifests.row(seal, number), in -> in.list(RowForms::objectPart));
            if (some.isEmpty() || some.size() > count - parts.size()) {
                throw new CorruptFault("manifest row " + number + " has " + some.size() + " parts, at most "
                        + (count - parts.size()) + " are missing");
            }
            parts.addAll(some);
        }
        return parts;
    }

    private static <T> byte[] versioned(T value, BiConsumer<Encoder, T> writer) {
        Encoder out = new Encoder().octet(VERSION);
        writer.accept(out, value);
        return out.toBytes();
    }

    private static <T> T versioned(String form, byte[] value, Function<Decoder, T> reader) {
        return Decoder.whole(form, value, in -> {
            in.version(VERSION);
            return reader.apply(in);
        });
    }
}

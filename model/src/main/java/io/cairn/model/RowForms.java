package io.cairn.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The byte forms of rows, without version bytes: the codecs of rows, commands and labels all embed them. */
final class RowForms {
    private static final int IN = 1;
    private static final int OUT = 2;

    private RowForms() {}

    /**
     * All of an object row but its key and its parts; what a listing shows comes first, so that it need not read the
     * rest.
     */
    static void objectHead(Encoder out, ObjectRow row) {
        out.number(row.size());
        Forms.instant(out, row.modified());
        Forms.etag(out, row.etag());
        Forms.optional(out, row.checksum(), Forms::checksum);
        Forms.headers(out, row.headers());
        Forms.blob(out, row.seal());
    }

    /** @param parts reads what stands behind the head, given the row as it would be without parts */
    static ObjectRow object(Decoder in, ObjectKey key, BiFunction<Decoder, ObjectRow, List<ObjectPart>> parts) {
        long size = size(in);
        Instant modified = Forms.instant(in);
        ETag etag = Forms.etag(in);
        Optional<StoredChecksum> checksum = Forms.optional(in, Forms::checksum);
        Map<String, String> headers = Forms.headers(in);
        BlobRef seal = Forms.blob(in);
        ObjectRow head = new ObjectRow(key, size, etag, modified, headers, checksum, List.of(), seal);
        return withParts(head, parts.apply(in, head));
    }

    static ObjectRow withParts(ObjectRow head, List<ObjectPart> parts) {
        return new ObjectRow(
                head.key(),
                head.size(),
                head.etag(),
                head.modified(),
                head.headers(),
                head.checksum(),
                parts,
                head.seal());
    }

    /** An object row with its key in front and its parts behind. */
    static void object(Encoder out, ObjectRow row) {
        key(out, row.key());
        objectHead(out, row);
        Forms.list(out, row.parts(), RowForms::objectPart);
    }

    static ObjectRow object(Decoder in) {
        return object(in, key(in), (rest, _) -> rest.list(RowForms::objectPart));
    }

    static void objectPart(Encoder out, ObjectPart part) {
        out.number(part.number()).number(part.size());
        Forms.blob(out, part.blob());
        Forms.optional(out, part.checksum(), Forms::checksum);
    }

    static ObjectPart objectPart(Decoder in) {
        return new ObjectPart(in.count(), size(in), Forms.blob(in), Forms.optional(in, Forms::checksum));
    }

    static void upload(Encoder out, UploadRow row) {
        out.text(row.id().value());
        key(out, row.key());
        Forms.instant(out, row.begun());
        out.text(row.owner());
        Forms.headers(out, row.headers());
        Forms.optional(out, row.checksumAlgorithm(), (form, algorithm) -> form.octet(Forms.code(algorithm)));
        Forms.optional(out, row.checksumKind(), (form, kind) -> form.octet(Forms.code(kind)));
    }

    static UploadRow upload(Decoder in) {
        return new UploadRow(
                new UploadId(in.text()),
                key(in),
                Forms.instant(in),
                in.text(),
                Forms.headers(in),
                Forms.optional(in, Forms::algorithm),
                Forms.optional(in, Forms::checksumKind));
    }

    static void part(Encoder out, PartRow row) {
        out.number(row.number()).number(row.size());
        Forms.etag(out, row.etag());
        Forms.instant(out, row.modified());
        Forms.optional(out, row.checksum(), Forms::checksum);
        Forms.blob(out, row.blob());
    }

    static PartRow part(Decoder in) {
        return new PartRow(
                in.count(),
                size(in),
                Forms.etag(in),
                Forms.instant(in),
                Forms.optional(in, Forms::checksum),
                Forms.blob(in));
    }

    static void bucket(Encoder out, BucketRow row) {
        out.text(row.name().value()).number(row.id());
        Forms.instant(out, row.created());
        out.text(row.owner()).text(row.region());
    }

    static BucketRow bucket(Decoder in) {
        return new BucketRow(new BucketName(in.text()), in.number(), Forms.instant(in), in.text(), in.text());
    }

    static void user(Encoder out, UserRow row) {
        out.text(row.accessKey()).text(row.secretKey()).text(row.name());
        Forms.bool(out, row.enabled());
        Forms.instant(out, row.created());
    }

    static UserRow user(Decoder in) {
        return new UserRow(in.text(), in.text(), in.text(), Forms.bool(in), Forms.instant(in));
    }

    static void placement(Encoder out, Placement map) {
        out.number(map.version());
        Forms.redundancy(out, map.small());
        Forms.redundancy(out, map.large());
        Forms.list(out, map.drives(), RowForms::drive);
        Forms.list(out, map.groups(), (form, group) -> Forms.list(form, group, Forms::drive));
    }

    static Placement placement(Decoder in) {
        return new Placement(
                in.number(),
                Forms.redundancy(in),
                Forms.redundancy(in),
                in.list(RowForms::drive),
                in.list(group -> group.list(Forms::drive)));
    }

    static void scrub(Encoder out, ScrubMark mark) {
        Forms.instant(out, mark.begun());
        Forms.optional(out, mark.ended(), Forms::instant);
        out.text(mark.position()).number(mark.blobs()).number(mark.bytes());
        out.number(mark.rebuilt()).number(mark.lost());
    }

    static ScrubMark scrub(Decoder in) {
        return new ScrubMark(
                Forms.instant(in),
                Forms.optional(in, Forms::instant),
                in.text(),
                in.number(),
                in.number(),
                in.number(),
                in.number());
    }

    static void key(Encoder out, ObjectKey key) {
        out.bytes(key.utf8());
    }

    static ObjectKey key(Decoder in) {
        return new ObjectKey(in.text());
    }

    static long size(Decoder in) {
        long size = in.number();
        if (size < 0) {
            throw in.refuse("size above 2^63");
        }
        return size;
    }

    private static void drive(Encoder out, Placement.Drive drive) {
        Forms.drive(out, drive.id());
        out.text(drive.path()).number(drive.weight());
        out.octet(
                switch (drive.state()) {
                    case IN -> IN;
                    case OUT -> OUT;
                });
    }

    private static Placement.Drive drive(Decoder in) {
        return new Placement.Drive(Forms.drive(in), in.text(), in.number(), state(in));
    }

    private static Placement.State state(Decoder in) {
        int code = in.octet();
        return switch (code) {
            case IN -> Placement.State.IN;
            case OUT -> Placement.State.OUT;
            default -> throw in.refuse("drive in state " + code);
        };
    }
}

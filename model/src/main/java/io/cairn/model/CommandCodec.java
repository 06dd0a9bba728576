package io.cairn.model;

import java.util.List;

/**
 * The byte form of {@link Command}s, version {@value #VERSION}: {@code docs/formats/command.md}. Decoding throws
 * {@link CorruptFault} for everything that encoding did not write. Safe for use by many threads.
 */
public final class CommandCodec {
    static final int VERSION = 1;

    private CommandCodec() {}

    public static byte[] encode(Command command) {
        Encoder out = new Encoder().octet(VERSION);
        switch (command) {
            case Command.CreateBucket(var name, var owner, var region, var at) -> {
                out.octet(1).text(name.value()).text(owner).text(region);
                Forms.instant(out, at);
            }
            case Command.DeleteBucket(var name) -> out.octet(2).text(name.value());
            case Command.AcquireLease(var gateway, var at) ->
                Forms.instant(out.octet(3).text(gateway), at);
            case Command.PutObject(var bucket, var bucketId, var epoch, var row, var precondition, var degraded) -> {
                out.octet(4).text(bucket.value()).number(bucketId).number(epoch);
                write(out, row, precondition, degraded);
            }
            case Command.DeleteObject(var bucket, var key, var precondition) -> {
                RowForms.key(out.octet(5).text(bucket.value()), key);
                precondition(out, precondition);
            }
            case Command.CreateUpload(var bucket, var upload) ->
                RowForms.upload(out.octet(6).text(bucket.value()), upload);
            case Command.PutPart(var bucket, var key, var upload, var epoch, var part, var degraded) -> {
                RowForms.key(out.octet(7).text(bucket.value()), key);
                RowForms.part(out.text(upload.value()).number(epoch), part);
                Forms.list(out, degraded, Forms::blob);
            }
            case Command.CompleteUpload(var bucket, var upload, var epoch, var row, var precondition, var degraded) -> {
                out.octet(8).text(bucket.value()).text(upload.value()).number(epoch);
                write(out, row, precondition, degraded);
            }
            case Command.AbortUpload(var bucket, var key, var upload) -> {
                RowForms.key(out.octet(9).text(bucket.value()), key);
                out.text(upload.value());
            }
            case Command.Reclaimed(var sequences) -> Forms.list(out.octet(10), sequences, Encoder::number);
            case Command.NeedRepair(var blobs) -> Forms.list(out.octet(11), blobs, Forms::blob);
            case Command.Repaired(var sequences) -> Forms.list(out.octet(12), sequences, Encoder::number);
            case Command.PutUser(var user) -> RowForms.user(out.octet(13), user);
            case Command.RaiseEpoch(var floor) -> out.octet(15).number(floor);
            case Command.NoteScrub(var mark) -> RowForms.scrub(out.octet(16), mark);
            case Command.PutPlacement(var placement) -> RowForms.placement(out.octet(14), placement);
        }
        return out.toBytes();
    }

    public static Command decode(byte[] bytes) {
        return Decoder.whole("command", bytes, CommandCodec::read);
    }

    private static Command read(Decoder in) {
        in.version(VERSION);
        int kind = in.octet();
        return switch (kind) {
            case 1 -> new Command.CreateBucket(bucket(in), in.text(), in.text(), Forms.instant(in));
            case 2 -> new Command.DeleteBucket(bucket(in));
            case 3 -> new Command.AcquireLease(in.text(), Forms.instant(in));
            case 4 ->
                new Command.PutObject(
                        bucket(in), in.number(), in.number(), RowForms.object(in), precondition(in), blobs(in));
            case 5 -> new Command.DeleteObject(bucket(in), RowForms.key(in), precondition(in));
            case 6 -> new Command.CreateUpload(bucket(in), RowForms.upload(in));
            case 7 ->
                new Command.PutPart(
                        bucket(in), RowForms.key(in), uploadId(in), in.number(), RowForms.part(in), blobs(in));
            case 8 ->
                new Command.CompleteUpload(
                        bucket(in), uploadId(in), in.number(), RowForms.object(in), precondition(in), blobs(in));
            case 9 -> new Command.AbortUpload(bucket(in), RowForms.key(in), uploadId(in));
            case 10 -> new Command.Reclaimed(in.list(Decoder::number));
            case 11 -> new Command.NeedRepair(blobs(in));
            case 12 -> new Command.Repaired(in.list(Decoder::number));
            case 13 -> new Command.PutUser(RowForms.user(in));
            case 14 -> new Command.PutPlacement(RowForms.placement(in));
            case 15 -> new Command.RaiseEpoch(in.number());
            case 16 -> new Command.NoteScrub(RowForms.scrub(in));
            default -> throw in.refuse("command of kind " + kind);
        };
    }

    private static void write(Encoder out, ObjectRow row, Precondition precondition, List<BlobRef> degraded) {
        RowForms.object(out, row);
        precondition(out, precondition);
        Forms.list(out, degraded, Forms::blob);
    }

    private static void precondition(Encoder out, Precondition precondition) {
        switch (precondition) {
            case Precondition.None() -> out.octet(0);
            case Precondition.Absent() -> out.octet(1);
            case Precondition.Exists() -> out.octet(2);
            case Precondition.Matches(var etag) -> Forms.etag(out.octet(3), etag);
        }
    }

    private static Precondition precondition(Decoder in) {
        int kind = in.octet();
        return switch (kind) {
            case 0 -> new Precondition.None();
            case 1 -> new Precondition.Absent();
            case 2 -> new Precondition.Exists();
            case 3 -> new Precondition.Matches(Forms.etag(in));
            default -> throw in.refuse("precondition of kind " + kind);
        };
    }

    private static BucketName bucket(Decoder in) {
        return new BucketName(in.text());
    }

    private static UploadId uploadId(Decoder in) {
        return new UploadId(in.text());
    }

    private static List<BlobRef> blobs(Decoder in) {
        return in.list(Forms::blob);
    }
}

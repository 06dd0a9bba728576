package io.cairn.model;

/**
 * The byte form of {@link ShardLabel}s, version {@value #VERSION}: {@code docs/formats/shard-label.md}. Decoding throws
 * {@link CorruptFault} for everything that encoding did not write. Safe for use by many threads.
 */
public final class LabelCodec {
    static final int VERSION = 1;
    private static final int SEALED = 1;
    private static final int SEALED_PART = 2;
    private static final int STRIPE = 3;

    private LabelCodec() {}

    public static byte[] encode(ShardLabel label) {
        Encoder out = new Encoder().octet(VERSION);
        switch (label) {
            case ShardLabel.Sealed(var bucket, var bucketId, var bucketCreated, var row) -> {
                place(out.octet(SEALED), bucket, bucketId);
                Forms.instant(out, bucketCreated);
                RowForms.object(out, row);
            }
            case ShardLabel.SealedPart(var bucket, var bucketId, var key, var upload, var part) -> {
                place(out.octet(SEALED_PART), bucket, bucketId);
                RowForms.key(out, key);
                RowForms.part(out.text(upload.value()), part);
            }
            case ShardLabel.Stripe(var bucket, var bucketId, var key) -> {
                place(out.octet(STRIPE), bucket, bucketId);
                RowForms.key(out, key);
            }
        }
        return out.toBytes();
    }

    public static ShardLabel decode(byte[] bytes) {
        return Decoder.whole("shard label", bytes, LabelCodec::read);
    }

    private static ShardLabel read(Decoder in) {
        in.version(VERSION);
        int kind = in.octet();
        BucketName bucket = new BucketName(in.text());
        long bucketId = in.number();
        return switch (kind) {
            case SEALED -> new ShardLabel.Sealed(bucket, bucketId, Forms.instant(in), RowForms.object(in));
            case SEALED_PART ->
                new ShardLabel.SealedPart(
                        bucket, bucketId, RowForms.key(in), new UploadId(in.text()), RowForms.part(in));
            case STRIPE -> new ShardLabel.Stripe(bucket, bucketId, RowForms.key(in));
            default -> throw in.refuse("label of kind " + kind);
        };
    }

    private static void place(Encoder out, BucketName bucket, long bucketId) {
        out.text(bucket.value()).number(bucketId);
    }
}

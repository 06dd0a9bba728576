package io.cairn.model;

/**
 * The byte form of {@link Outcome}s, version {@value #VERSION}: {@code docs/formats/command.md}. Decoding throws
 * {@link CorruptFault} for everything that encoding did not write. Safe for use by many threads.
 */
public final class OutcomeCodec {
    static final int VERSION = 1;

    private OutcomeCodec() {}

    public static byte[] encode(Outcome outcome) {
        Encoder out = new Encoder().octet(VERSION);
        switch (outcome) {
            case Outcome.Done() -> out.octet(1);
            case Outcome.BucketMade(long bucketId) -> out.octet(2).number(bucketId);
            case Outcome.BucketExists(String owner) -> out.octet(3).text(owner);
            case Outcome.NoSuchBucket() -> out.octet(4);
            case Outcome.BucketNotEmpty() -> out.octet(5);
            case Outcome.Leased(long epoch) -> out.octet(6).number(epoch);
            case Outcome.LeaseEnded() -> out.octet(7);
            case Outcome.Stored(var replaced) -> Forms.optional(out.octet(8), replaced, Forms::etag);
            case Outcome.Deleted() -> out.octet(9);
            case Outcome.NoSuchKey() -> out.octet(10);
            case Outcome.PreconditionFailed() -> out.octet(11);
            case Outcome.NoSuchUpload() -> out.octet(12);
            case Outcome.PartChanged(int number) -> out.octet(13).number(number);
            case Outcome.VersionConflict(long current) -> out.octet(14).number(current);
        }
        return out.toBytes();
    }

    public static Outcome decode(byte[] bytes) {
        return Decoder.whole("outcome", bytes, OutcomeCodec::read);
    }

    private static Outcome read(Decoder in) {
        in.version(VERSION);
        int kind = in.octet();
        return switch (kind) {
            case 1 -> new Outcome.Done();
            case 2 -> new Outcome.BucketMade(in.number());
            case 3 -> new Outcome.BucketExists(in.text());
            case 4 -> new Outcome.NoSuchBucket();
            case 5 -> new Outcome.BucketNotEmpty();
            case 6 -> new Outcome.Leased(in.number());
            case 7 -> new Outcome.LeaseEnded();
            case 8 -> new Outcome.Stored(Forms.optional(in, Forms::etag));
            case 9 -> new Outcome.Deleted();
            case 10 -> new Outcome.NoSuchKey();
            case 11 -> new Outcome.PreconditionFailed();
            case 12 -> new Outcome.NoSuchUpload();
            case 13 -> new Outcome.PartChanged(in.count());
            case 14 -> new Outcome.VersionConflict(in.number());
            default -> throw in.refuse("outcome of kind " + kind);
        };
    }
}

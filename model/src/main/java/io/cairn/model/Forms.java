package io.cairn.model;

import io.cairn.base.ChecksumAlgorithm;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The byte forms of the small nouns, which the codecs compose. Codes are fixed for ever: see {@code docs/formats}. */
final class Forms {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final Pattern MD5_TAG = Pattern.compile("[0-9a-f]{32}(?:-[1-9][0-9]{0,4})?");
    private static final int MD5_BYTES = 16;
    private static final int TAG_TEXT = 0;
    private static final int TAG_MD5 = 1;
    private static final int TAG_MD5_PARTS = 2;
    private static final int COPIES = 1;
    private static final int ERASURE = 2;

    private Forms() {}

    /** Milliseconds, then the nanoseconds within the millisecond, which are 0 wherever S3 shows a time. */
    static void instant(Encoder out, Instant value) {
        out.signed(value.toEpochMilli()).number(value.getNano() % NANOS_PER_MILLI);
    }

    static Instant instant(Decoder in) {
        long millis = in.signed();
        int nanos = in.count();
        if (nanos >= NANOS_PER_MILLI) {
            throw in.refuse(nanos + " nanoseconds in a millisecond");
        }
        return Instant.ofEpochMilli(millis).plusNanos(nanos);
    }

    /** The usual tags are kept as the bytes of their MD5. */
    static void etag(Encoder out, ETag tag) {
        String value = tag.value();
        if (!MD5_TAG.matcher(value).matches()) {
            out.octet(TAG_TEXT).text(value);
            return;
        }
        boolean parts = value.length() > 2 * MD5_BYTES;
        out.octet(parts ? TAG_MD5_PARTS : TAG_MD5);
        out.raw(HexFormat.of().parseHex(value, 0, 2 * MD5_BYTES));
        if (parts) {
            out.number(Integer.parseInt(value, 2 * MD5_BYTES + 1, value.length(), 10));
        }
    }

    static ETag etag(Decoder in) {
        int kind = in.octet();
        return switch (kind) {
            case TAG_TEXT -> new ETag(in.text());
            case TAG_MD5 -> new ETag(HexFormat.of().formatHex(in.raw(MD5_BYTES)));
            case TAG_MD5_PARTS -> new ETag(HexFormat.of().formatHex(in.raw(MD5_BYTES)) + "-" + in.count());
            default -> throw in.refuse("entity tag of kind " + kind);
        };
    }

    static int code(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> 1;
            case CRC32C -> 2;
            case CRC64NVME -> 3;
            case SHA1 -> 4;
            case SHA256 -> 5;
        };
    }

    static ChecksumAlgorithm algorithm(Decoder in) {
        int code = in.octet();
        return switch (code) {
            case 1 -> ChecksumAlgorithm.CRC32;
            case 2 -> ChecksumAlgorithm.CRC32C;
            case 3 -> ChecksumAlgorithm.CRC64NVME;
            case 4 -> ChecksumAlgorithm.SHA1;
            case 5 -> ChecksumAlgorithm.SHA256;
            default -> throw in.refuse("checksum algorithm " + code);
        };
    }

    static int code(StoredChecksum.Kind kind) {
        return switch (kind) {
            case FULL_OBJECT -> 1;
            case COMPOSITE -> 2;
        };
    }

    static StoredChecksum.Kind checksumKind(Decoder in) {
        int code = in.octet();
        return switch (code) {
            case 1 -> StoredChecksum.Kind.FULL_OBJECT;
            case 2 -> StoredChecksum.Kind.COMPOSITE;
            default -> throw in.refuse("checksum kind " + code);
        };
    }

    static void checksum(Encoder out, StoredChecksum value) {
        out.octet(code(value.algorithm())).octet(code(value.kind())).bytes(value.digest());
    }

    static StoredChecksum checksum(Decoder in) {
        return new StoredChecksum(algorithm(in), checksumKind(in), in.bytes());
    }

    static void redundancy(Encoder out, Redundancy value) {
        switch (value) {
            case Redundancy.Copies(int count) -> out.octet(COPIES).number(count);
            case Redundancy.Erasure(int data, int parity) ->
                out.octet(ERASURE).number(data).number(parity);
        }
    }

    static Redundancy redundancy(Decoder in) {
        int kind = in.octet();
        return switch (kind) {
            case COPIES -> new Redundancy.Copies(in.count());
            case ERASURE -> new Redundancy.Erasure(in.count(), in.count());
            default -> throw in.refuse("redundancy of kind " + kind);
        };
    }

    static void blob(Encoder out, BlobRef blob) {
        out.number(blob.id().value()).number(blob.length()).number(blob.stripeBytes());
        redundancy(out, blob.redundancy());
        out.number(blob.group());
    }

    static BlobRef blob(Decoder in) {
        return new BlobRef(new BlobId(in.number()), in.number(), in.count(), redundancy(in), in.count());
    }

    static void headers(Encoder out, Map<String, String> headers) {
        out.number(headers.size());
        headers.forEach((name, value) -> out.text(name).text(value));
    }

    /** Names must rise, so that one map has one form. */
    static Map<String, String> headers(Decoder in) {
        TreeMap<String, String> headers = new TreeMap<>();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            String name = in.text();
            if (!headers.isEmpty() && headers.lastKey().compareTo(name) >= 0) {
                throw in.refuse("header names out of order");
            }
            headers.put(name, in.text());
        }
        return headers;
    }

    static <T> void optional(Encoder out, Optional<T> value, BiConsumer<Encoder, T> writer) {
        bool(out, value.isPresent());
        value.ifPresent(present -> writer.accept(out, present));
    }

    static <T> Optional<T> optional(Decoder in, Function<Decoder, T> reader) {
        return bool(in) ? Optional.of(reader.apply(in)) : Optional.empty();
    }

    static <T> void list(Encoder out, List<T> values, BiConsumer<Encoder, T> writer) {
        out.number(values.size());
        values.forEach(value -> writer.accept(out, value));
    }

    static void bool(Encoder out, boolean value) {
        out.octet(value ? 1 : 0);
    }

    static boolean bool(Decoder in) {
        int value = in.octet();
        if (value > 1) {
            throw in.refuse("a truth of " + value);
        }
        return value == 1;
    }

    static void drive(Encoder out, DriveId drive) {
        out.fixed64(drive.value().getMostSignificantBits())
                .fixed64(drive.value().getLeastSignificantBits());
    }

    static DriveId drive(Decoder in) {
        return new DriveId(new UUID(in.fixed64(), in.fixed64()));
    }
}

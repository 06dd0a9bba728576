package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.base.Checks;
import io.cairn.model.BlobId;
import io.cairn.model.Encoder;
import io.cairn.model.ObjectKey;
import io.cairn.model.UploadId;
import java.util.Arrays;

/** The keys of rows, whose byte order is the order that listings show. See {@code docs/formats/metadata-rows.md}. */
final class RowKeys {
    static final byte[] FORMAT = name("format");
    static final byte[] APPLIED = name("applied");
    static final byte[] PLACEMENT = name("placement");
    static final byte[] SCRUB = name("scrub");
    static final byte[] USAGE = name("usage");
    static final byte[] NEXT_BUCKET = name("next.bucket");
    static final byte[] NEXT_EPOCH = name("next.epoch");
    static final byte[] NEXT_RECLAIM = name("next.reclaim");
    static final byte[] NEXT_REPAIR = name("next.repair");

    private static final int ID_BYTES = Long.BYTES;
    private static final int CURRENT = 1;
    private static final int BEHIND_ALL_KINDS = 0xff;
    private static final int ESCAPED_ZERO = 0xff;

    private RowKeys() {}

    static byte[] name(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] usage(long bucketId) {
        return new Encoder().raw(name("usage/")).fixed64(bucketId).toBytes();
    }

    static byte[] lease(String gateway) {
        return name("lease/" + gateway);
    }

    static byte[] epoch(long epoch) {
        return new Encoder().raw(name("epoch/")).fixed64(epoch).toBytes();
    }

    static byte[] sequence(long sequence) {
        return new Encoder().fixed64(sequence).toBytes();
    }

    static long sequenceOf(byte[] row) {
        return number(row, 0);
    }

    /** The current row of an object. */
    static byte[] object(long bucketId, ObjectKey key) {
        return ended(bucketId, key.utf8()).octet(CURRENT).toBytes();
    }

    /** Behind every row of the key and before every row of the next one. */
    static byte[] behind(long bucketId, byte[] key) {
        return ended(bucketId, key).octet(BEHIND_ALL_KINDS).toBytes();
    }

    /** At or before the first row of every key that starts with the prefix. */
    static byte[] start(long bucketId, byte[] prefix) {
        return escaped(bucketId, prefix).toBytes();
    }

    static byte[] manifest(BlobId seal, int number) {
        byte[] chunk = {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
        return new Encoder().fixed64(seal.value()).raw(chunk).toBytes();
    }

    static byte[] upload(long bucketId, ObjectKey key, UploadId id) {
        return upload(bucketId, key.utf8(), id.value());
    }

    static byte[] upload(long bucketId, byte[] key, String id) {
        return ended(bucketId, key).raw(name(id)).toBytes();
    }

    static byte[] parts(UploadId upload) {
        return new Encoder().raw(name(upload.value())).octet(0).toBytes();
    }

    static byte[] part(UploadId upload, int number) {
        return new Encoder()
                .raw(parts(upload))
                .octet(number >>> Byte.SIZE)
                .octet(number)
                .toBytes();
    }

    /** Where the terminator of the key in an object's or upload's row starts. */
    static int keyEnd(byte[] row) {
        for (int i = ID_BYTES; i < row.length - 1; i++) {
            if (row[i] == 0) {
                if (row[i + 1] == 0) {
                    return i;
                }
                i++;
            }
        }
        throw new IllegalStateException("a row key without terminator, of " + row.length + " bytes");
    }

    static boolean current(byte[] row, int keyEnd) {
        return row.length == keyEnd + 3 && row[keyEnd + 2] == CURRENT;
    }

    /** The key that was escaped into the row. */
    static byte[] keyIn(byte[] row, int keyEnd) {
        byte[] key = new byte[keyEnd - ID_BYTES];
        int length = 0;
        for (int i = ID_BYTES; i < keyEnd; i++) {
            key[length++] = row[i];
            if (row[i] == 0) {
                i++;
            }
        }
        return length == key.length ? key : Arrays.copyOf(key, length);
    }

    /** The first byte string behind everything that starts with the prefix. */
    static byte[] successor(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xff) {
            last--;
        }
        Checks.check(last >= 0, "a prefix that has a successor");
        byte[] next = Arrays.copyOf(prefix, last + 1);
        next[last]++;
        return next;
    }

    static boolean startsWith(byte[] row, byte[] prefix) {
        return row.length >= prefix.length && Arrays.equals(row, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static Encoder ended(long bucketId, byte[] key) {
        return escaped(bucketId, key).octet(0).octet(0);
    }

    private static Encoder escaped(long bucketId, byte[] key) {
        Encoder out = new Encoder().fixed64(bucketId);
        int from = 0;
        for (int i = 0; i < key.length; i++) {
            if (key[i] == 0) {
                out.raw(Arrays.copyOfRange(key, from, i + 1)).octet(ESCAPED_ZERO);
                from = i + 1;
            }
        }
        return out.raw(from == 0 ? key : Arrays.copyOfRange(key, from, key.length));
    }

    private static long number(byte[] row, int offset) {
        long value = 0;
        for (int i = offset; i < offset + Long.BYTES; i++) {
            value = value << Byte.SIZE | row[i] & 0xff;
        }
        return value;
    }
}

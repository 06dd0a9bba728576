package io.cairn.shards;

import io.cairn.model.BlobId;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardWrite;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The fixed part of a record, before its table of checksums, label and payload. Layout:
 * {@code docs/formats/segment.md}.
 *
 * @param offset where in its segment the record starts; part of the record, so that a copy elsewhere is not taken for
 *     one
 * @param batch the group commit that wrote it
 * @param sequence drive-wide order; of two records of a key the greater one counts. Kept when compaction copies a
 *     record
 * @param blob of a shard its blob id; of a trailer the number of records in the batch
 */
record RecordHead(
        RecordKind kind,
        long offset,
        long batch,
        long sequence,
        long blob,
        int stripe,
        int index,
        int labelLength,
        int payloadLength) {
    static final int BYTES = 64;
    static final int VERSION = 1;

    /** A payload is checksummed in blocks of this length, so that a part of it can be verified by itself. */
    static final int BLOCK_BYTES = 1 << 16;

    /** The longest payload of one record. */
    static final int PAYLOAD_BYTES_MAX = 1 << 26;

    private static final int MAGIC = 0x43526563; // CRec
    private static final int CRC_AT = 60;
    private static final int OFFSET_UNIT_BITS = 6;

    static RecordHead shard(long offset, long batch, long sequence, ShardKey key, int labelLength, int payloadLength) {
        return new RecordHead(
                RecordKind.SHARD,
                offset,
                batch,
                sequence,
                key.blob().value(),
                key.stripe(),
                key.index(),
                labelLength,
                payloadLength);
    }

    static RecordHead tombstones(long offset, long batch, long sequence, int payloadLength) {
        return new RecordHead(RecordKind.TOMBSTONES, offset, batch, sequence, 0, 0, 0, 0, payloadLength);
    }

    static RecordHead trailer(long offset, long batch, long sequence, long records) {
        return new RecordHead(RecordKind.TRAILER, offset, batch, sequence, records, 0, 0, 0, 0);
    }

    ShardKey key() {
        return new ShardKey(new BlobId(blob), stripe, index);
    }

    static int blocks(int payloadLength) {
        return (payloadLength + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    /** The bytes of header and table: one checksum of the label, then one for each block of the payload. */
    static int headBytes(int payloadLength) {
        return BYTES + Integer.BYTES * (1 + blocks(payloadLength));
    }

    int headBytes() {
        return headBytes(payloadLength);
    }

    long labelOffset() {
        return offset + headBytes();
    }

    long payloadOffset() {
        return labelOffset() + labelLength;
    }

    static long storedBytes(Stream stream, int labelLength, int payloadLength) {
        return stream.align((long) headBytes(payloadLength) + labelLength + payloadLength);
    }

    long storedBytes(Stream stream) {
        return storedBytes(stream, labelLength, payloadLength);
    }

    /** The checksums of a record: of the label, then of each block of the payload. */
    static int[] table(byte[] label, byte[] payload, int offset, int length) {
        int[] table = new int[1 + blocks(length)];
        table[0] = crc(label, 0, label.length);
        for (int block = 0; block + 1 < table.length; block++) {
            int start = block * BLOCK_BYTES;
            table[block + 1] = crc(payload, offset + start, Math.min(BLOCK_BYTES, length - start));
        }
        return table;
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Writes header and table at the position of the buffer. */
    void encode(ByteBuffer target, long salt, int[] table) {
        int at = target.position();
        target.putInt(at, MAGIC);
        target.put(at + 4, (byte) VERSION);
        target.put(at + 5, (byte) kind.code);
        target.putShort(at + 6, (short) 0);
        target.putLong(at + 8, salt);
        target.putInt(at + 16, (int) (offset >>> OFFSET_UNIT_BITS));
        target.putLong(at + 20, batch);
        target.putLong(at + 28, sequence);
        target.putLong(at + 36, blob);
        target.putInt(at + 44, stripe);
        target.putInt(at + 48, index);
        target.putInt(at + 52, labelLength);
        target.putInt(at + 56, payloadLength);
        target.position(at + BYTES);
        for (int checksum : table) {
            target.putInt(checksum);
        }
        target.putInt(at + CRC_AT, headCrc(target, at, table.length));
    }

    /**
     * The header at {@code at}, if those 64 bytes can be one of this segment at this offset. Its lengths are within
     * bounds, but nothing is verified: see {@link #verified}.
     */
    static @Nullable RecordHead decode(ByteBuffer source, int at, long salt, long offset) {
        if (source.getInt(at) != MAGIC
                || source.get(at + 4) != VERSION
                || source.getLong(at + 8) != salt
                || (source.getInt(at + 16) & 0xffff_ffffL) << OFFSET_UNIT_BITS != offset) {
            return null;
        }
        RecordKind kind = kind(source.get(at + 5));
        int labelLength = source.getInt(at + 52);
        int payloadLength = source.getInt(at + 56);
        if (kind == null
                || labelLength < 0
                || labelLength > ShardWrite.LABEL_BYTES_MAX
                || payloadLength < 0
                || payloadLength > PAYLOAD_BYTES_MAX) {
            return null;
        }
        return new RecordHead(
                kind,
                offset,
                source.getLong(at + 20),
                source.getLong(at + 28),
                source.getLong(at + 36),
                source.getInt(at + 44),
                source.getInt(at + 48),
                labelLength,
                payloadLength);
    }

    private static @Nullable RecordKind kind(int code) {
        return switch (code) {
            case 1 -> RecordKind.SHARD;
            case 2 -> RecordKind.TOMBSTONES;
            case 3 -> RecordKind.TRAILER;
            default -> null;
        };
    }

    /** True when the checksum of header and table fits; the whole table must be in the buffer. */
    boolean verified(ByteBuffer source, int at) {
        int entries = 1 + blocks(payloadLength);
        if (source.getInt(at + CRC_AT) != headCrc(source, at, entries)) {
            return false;
        }
        return kind != RecordKind.SHARD || (blob > 0 && stripe >= 0 && index >= 0 && index <= 0xff);
    }

    /** The stored checksum of the label (entry 0) or of payload block {@code entry - 1}. */
    static int tableEntry(ByteBuffer source, int at, int entry) {
        return source.getInt(at + BYTES + Integer.BYTES * entry);
    }

    private static int headCrc(ByteBuffer buffer, int at, int entries) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(at, CRC_AT));
        crc.update(buffer.slice(at + BYTES, Integer.BYTES * entries));
        return (int) crc.getValue();
    }
}

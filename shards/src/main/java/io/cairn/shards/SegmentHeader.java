package io.cairn.shards;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first block of a segment file, written twice in it: which segment of which drive this is, and the salt that its
 * records carry. Layout: {@code docs/formats/segment.md}.
 *
 * @param session a random number of the opening of the drive that wrote the segment
 * @param salt a random number of this file; a record with another salt does not belong to it
 */
record SegmentHeader(Stream stream, long id, long session, long salt, UUID drive) {
    /** The length of the block; the first record follows. */
    static final int BYTES = 4096;

    static final int VERSION = 1;

    private static final long MAGIC = 0x434149524e534547L; // CAIRNSEG
    private static final int COPY_AT = BYTES / 2;
    private static final int CHECKED_BYTES = 56;
    private static final int ID_DIGITS = 16;

    String fileName() {
        return stream.letter + "-" + HexFormat.of().toHexDigits(id) + ".seg";
    }

    /** The id in a file name of the given stream, or empty when the name is no such name. */
    static OptionalLong idOf(String fileName, Stream stream) {
        if (fileName.length() != ID_DIGITS + 6
                || fileName.charAt(0) != stream.letter
                || fileName.charAt(1) != '-'
                || !fileName.endsWith(".seg")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(HexFormat.fromHexDigitsToLong(fileName, 2, 2 + ID_DIGITS));
        } catch (IllegalArgumentException notHex) {
            return OptionalLong.empty();
        }
    }

    ByteBuffer encode() {
        ByteBuffer block = ByteBuffer.allocate(BYTES);
        encode(block, 0);
        encode(block, COPY_AT);
        return block;
    }

    private void encode(ByteBuffer block, int at) {
        block.putLong(at, MAGIC);
        block.putInt(at + 8, VERSION);
        block.putInt(at + 12, stream.code);
        block.putLong(at + 16, id);
        block.putLong(at + 24, session);
        block.putLong(at + 32, salt);
        block.putLong(at + 40, drive.getMostSignificantBits());
        block.putLong(at + 48, drive.getLeastSignificantBits());
        block.putInt(at + CHECKED_BYTES, crc(block, at));
    }

    /** The header from either of its copies, or empty when both are damaged. */
    static Optional<SegmentHeader> decode(ByteBuffer block) {
        if (block.limit() < BYTES) {
            return Optional.empty();
        }
        Optional<SegmentHeader> first = decode(block, 0);
        return first.isPresent() ? first : decode(block, COPY_AT);
    }

    private static Optional<SegmentHeader> decode(ByteBuffer block, int at) {
        if (block.getLong(at) != MAGIC || block.getInt(at + CHECKED_BYTES) != crc(block, at)) {
            return Optional.empty();
        }
        int version = block.getInt(at + 8);
        if (version != VERSION) {
            throw new UnknownFormatException("segment format " + version + ", this program reads " + VERSION);
        }
        Stream stream = block.getInt(at + 12) == Stream.PACKED.code ? Stream.PACKED : Stream.BULK;
        UUID drive = new UUID(block.getLong(at + 40), block.getLong(at + 48));
        return Optional.of(new SegmentHeader(
                stream, block.getLong(at + 16), block.getLong(at + 24), block.getLong(at + 32), drive));
    }

    private static int crc(ByteBuffer block, int at) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(at, CHECKED_BYTES));
        return (int) crc.getValue();
    }
}

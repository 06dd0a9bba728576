package io.cairn.shards;

import io.cairn.model.CorruptFault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The frame of the catalogue file: magic, version, length, checksum, content. Layout: {@code docs/formats/drive.md}.
 */
final class Catalogue {
    private static final int MAGIC = 0x43436174; // CCat
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;

    private Catalogue() {}

    static byte[] encode(byte[] content) {
        return ByteBuffer.allocate(HEADER_BYTES + content.length)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putInt(content.length)
                .putInt(RecordHead.crc(content, 0, content.length))
                .put(content)
                .array();
    }

    static byte[] decode(byte[] framed) {
        ByteBuffer header = ByteBuffer.wrap(framed);
        if (framed.length < HEADER_BYTES || header.getInt() != MAGIC) {
            throw new CorruptFault("the catalogue file is not one");
        }
        int version = header.getInt();
        if (version != VERSION) {
            throw new CorruptFault("catalogue format " + version + ", this program reads " + VERSION);
        }
        byte[] content = Arrays.copyOfRange(framed, HEADER_BYTES, framed.length);
        if (header.getInt() != content.length || header.getInt() != RecordHead.crc(content, 0, content.length)) {
            throw new CorruptFault("the catalogue file is damaged");
        }
        return content;
    }
}

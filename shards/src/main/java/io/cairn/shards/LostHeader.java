package io.cairn.shards;

import io.cairn.model.DriveId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Finds the salt of a segment, both of whose headers are damaged, in its records: the first that verifies by it.
 * Stateless.
 */
final class LostHeader {
    private static final int SEARCHED_BYTES = 4 << 20;
    private static final int SALT_AT = 8;

    private LostHeader() {}

    static Optional<SegmentHeader> find(DiskFile file, Stream stream, long id, DriveId drive) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(SEARCHED_BYTES, file.size()));
        int count = file.read(start, 0);
        for (int at = SegmentHeader.BYTES; at + RecordHead.BYTES <= count; at += stream.alignment) {
            long salt = start.getLong(at + SALT_AT);
            RecordHead head = RecordHead.decode(start, at, salt, at);
            if (head != null && at + head.headBytes() <= count && head.verified(start, at)) {
                // The session is lost with the header; the salt stands for it, so no batch proves another one
                // elsewhere.
                return Optional.of(new SegmentHeader(stream, id, salt, salt, drive.value()));
            }
        }
        return Optional.empty();
    }
}

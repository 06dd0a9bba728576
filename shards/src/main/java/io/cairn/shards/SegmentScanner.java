package io.cairn.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one segment in order of their offsets, and past damage: behind bytes that are no record it
 * searches for the next place where a record of this very segment starts. Runs of zeros in a bulk segment are released
 * space; in a packed segment, where a record follows, they are damage. Used by one thread.
 */
final class SegmentScanner {
    /** What a scan meets. */
    interface Visitor {
        /** A record whose header and table are verified; its label and payload are not. */
        void record(RecordHead head) throws IOException;

        /** Bytes that are no record, with a record or the end of the file behind them. */
        void damage(long from, long to) throws IOException;
    }

    private static final int PACKED_WINDOW_BYTES = 1 << 20;
    private static final int BULK_WINDOW_BYTES = 1 << 13;

    private final DiskFile file;
    private final Stream stream;
    private final long salt;
    private final long end;
    private ByteBuffer window;
    private long windowStart;

    SegmentScanner(DiskFile file, Stream stream, long salt, long end) {
        this.file = file;
        this.stream = stream;
        this.salt = salt;
        this.end = end;
        this.window = ByteBuffer.allocate(stream == Stream.PACKED ? PACKED_WINDOW_BYTES : BULK_WINDOW_BYTES)
                .limit(0);
    }

    /** Scans from an offset where a record starts to the end of the file; answers where the last record ends. */
    long scan(long from, Visitor visitor) throws IOException {
        long at = from;
        long recordsEnd = from;
        while (at + RecordHead.BYTES <= end) {
            RecordHead head = headAt(at);
            if (head != null) {
                if (recordsEnd < at && (stream == Stream.PACKED || !zeros(recordsEnd, at))) {
                    visitor.damage(recordsEnd, at);
                }
                visitor.record(head);
                at += head.storedBytes(stream);
                recordsEnd = at;
            } else {
                at += stream.alignment;
            }
        }
        if (recordsEnd < end && !zeros(recordsEnd, end)) {
            visitor.damage(recordsEnd, end);
        }
        return recordsEnd;
    }

    private @Nullable RecordHead headAt(long at) throws IOException {
        if (!fill(at, RecordHead.BYTES)) {
            return null;
        }
        RecordHead head = RecordHead.decode(window, (int) (at - windowStart), salt, at);
        if (head == null || at + head.headBytes() + head.labelLength() + head.payloadLength() > end) {
            return null;
        }
        return fill(at, head.headBytes()) && head.verified(window, (int) (at - windowStart)) ? head : null;
    }

    /** Verifies label and payload of a record just visited. */
    boolean intact(RecordHead head) throws IOException {
        return content(head) != null;
    }

    /** The label of a record just visited, if its checksum fits. */
    Optional<byte[]> label(RecordHead head) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(head.headBytes() + head.labelLength());
        return file.read(start, head.offset()) < start.capacity() ? Optional.empty() : OfflineScan.label(head, start);
    }

    /** The whole record, from header to payload, if every checksum fits. */
    @Nullable
    ByteBuffer content(RecordHead head) throws IOException {
        int length = head.headBytes() + head.labelLength() + head.payloadLength();
        ByteBuffer record = ByteBuffer.allocate(length);
        if (file.read(record, head.offset()) < length) {
            return null;
        }
        RecordHead again = RecordHead.decode(record, 0, salt, head.offset());
        return again != null && again.equals(head) && again.verified(record, 0) && contentFits(head, record)
                ? record.rewind()
                : null;
    }

    private static boolean contentFits(RecordHead head, ByteBuffer record) {
        int at = head.headBytes();
        if (crc(record, at, head.labelLength()) != RecordHead.tableEntry(record, 0, 0)) {
            return false;
        }
        at += head.labelLength();
        for (int done = 0, entry = 1; done < head.payloadLength(); done += RecordHead.BLOCK_BYTES, entry++) {
            int length = Math.min(RecordHead.BLOCK_BYTES, head.payloadLength() - done);
            if (crc(record, at + done, length) != RecordHead.tableEntry(record, 0, entry)) {
                return false;
            }
        }
        return true;
    }

    private static int crc(ByteBuffer buffer, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(at, length));
        return (int) crc.getValue();
    }

    private boolean zeros(long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            int length = (int) Math.min(to - at, window.capacity() / 2);
            if (!fill(at, length)) {
                return false;
            }
            int start = (int) (at - windowStart);
            for (int i = start; i < start + length; i++) {
                if (window.get(i) != 0) {
                    return false;
                }
            }
            at += length;
        }
        return true;
    }

    /** Has {@code length} bytes from {@code at} in the window; false when the file ends before. */
    private boolean fill(long at, int length) throws IOException {
        if (at >= windowStart && at + length <= windowStart + window.limit()) {
            return true;
        }
        if (window.capacity() < length) {
            window = ByteBuffer.allocate(length);
        }
        window.clear();
        windowStart = at;
        window.limit((int) Math.min(window.capacity(), Math.max(0, end - at)));
        int count = file.read(window, at);
        window.position(0).limit(count);
        return count >= length;
    }
}

package io.cairn.shards;

import io.cairn.base.Checks;
import io.cairn.base.Entropy;
import io.cairn.model.DriveId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The growing end of one stream: the segment that is appended to. Records of a batch are laid out in a staging buffer
 * and written behind one another; {@link #finish} ends the batch by its trailer. Used by the writer thread alone.
 */
final class SegmentTail {
    /** The part of a batch that went to one segment. */
    record Part(Segment segment, DiskFile file, long from, long to) {}

    private static final int STAGING_BYTES = 1 << 20;
    private static final byte[] ZEROS = new byte[4096];
    private static final byte[] NO_BYTES = {};
    private static final int[] NO_TABLE = {0};

    private final Stream stream;
    private final SegmentSet segments;
    private final Disk disk;
    private final SpareSegments spares;
    private final long segmentBytes;
    private final DriveId drive;
    private final long session;
    private final Entropy entropy;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private final List<Part> parts = new ArrayList<>();
    private final List<DiskFile> left = new ArrayList<>();

    private @Nullable Segment segment;
    private @Nullable DiskFile file;
    private long end;
    private long stagedAt;
    private long batchStart;
    private long batch;
    private long records;
    private long sequence;

    SegmentTail(
            Stream stream,
            Disk disk,
            SegmentSet segments,
            SpareSegments spares,
            long segmentBytes,
            DriveId drive,
            long session,
            Entropy entropy) {
        this.stream = stream;
        this.disk = disk;
        this.segments = segments;
        this.spares = spares;
        this.segmentBytes = segmentBytes;
        this.drive = drive;
        this.session = session;
        this.entropy = entropy;
    }

    @Nullable
    Segment segment() {
        return segment;
    }

    void begin(long batchNumber, long trailerSequence) {
        batch = batchNumber;
        sequence = trailerSequence;
        batchStart = end;
        records = 0;
        parts.clear();
    }

    /** Where the next record of this length goes: in the open segment, or at the start of a new one. */
    long place(long storedBytes) throws IOException {
        long withTrailer = storedBytes + stream.align(RecordHead.headBytes(0));
        if (segment == null) {
            openSegment();
        } else if (end > SegmentHeader.BYTES && end + withTrailer > segmentBytes) {
            leaveSegment();
            openSegment();
        }
        return end;
    }

    long segmentId() {
        return current().id();
    }

    void hold(long bytes) {
        current().hold(bytes);
    }

    private Segment current() {
        Segment open = segment;
        Checks.check(open != null, "a segment is open");
        return java.util.Objects.requireNonNull(open);
    }

    private DiskFile currentFile() {
        return java.util.Objects.requireNonNull(file);
    }

    private void leaveSegment() throws IOException {
        if (records > 0) {
            finishPart();
        }
        current().seal();
        left.add(currentFile());
        segment = null;
        file = null;
    }

    private void openSegment() throws IOException {
        SpareSegments.Spare spare = stream == Stream.PACKED ? spares.take() : null;
        if (spare == null) {
            SegmentHeader header =
                    new SegmentHeader(stream, segments.nextId(), session, entropy.nextLong(), drive.value());
            spare = new SpareSegments.Spare(header, segments.create(header));
        }
        Segment opened = new Segment(disk, spare.header(), SegmentRow.NEW, false);
        segments.add(opened);
        segment = opened;
        file = spare.file();
        end = SegmentHeader.BYTES;
        stagedAt = end;
        batchStart = end;
        records = 0;
    }

    /** Adds a record at the place just asked for. */
    void put(RecordHead head, int[] table, byte[] label, byte[] payload, int offset, int length) throws IOException {
        Checks.check(head.offset() == end, "a record at %s where %s was expected", head.offset(), end);
        ByteBuffer encoded = staging;
        if (staging.remaining() < head.headBytes()) {
            writeStaged();
        }
        head.encode(encoded, current().header.salt(), table);
        stage(label, 0, label.length);
        stage(payload, offset, length);
        long stored = head.storedBytes(stream);
        stage(ZEROS, 0, (int) (stored - head.headBytes() - head.labelLength() - head.payloadLength()));
        end += stored;
        records++;
    }

    private void stage(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (!staging.hasRemaining()) {
                writeStaged();
            }
            int count = Math.min(staging.remaining(), length - done);
            staging.put(bytes, offset + done, count);
            done += count;
        }
    }

    private void writeStaged() throws IOException {
        staging.flip();
        int length = staging.limit();
        try {
            currentFile().write(staging, stagedAt);
        } finally {
            staging.clear();
        }
        stagedAt += length;
    }

    /** Ends the batch here; answers what has to be synced for it. */
    List<Part> finish() throws IOException {
        if (records > 0) {
            finishPart();
        }
        return List.copyOf(parts);
    }

    /** Writes a batch of nothing but a trailer: proof that the batch before it was synced. */
    List<Part> finishEmpty() throws IOException {
        if (segment != null) {
            finishPart();
        }
        return List.copyOf(parts);
    }

    private void finishPart() throws IOException {
        if (staging.remaining() < RecordHead.headBytes(0)) {
            writeStaged();
        }
        RecordHead trailer = RecordHead.trailer(end, batch, sequence, records);
        put(trailer, NO_TABLE, NO_BYTES, NO_BYTES, 0, 0);
        writeStaged();
        parts.add(new Part(current(), currentFile(), batchStart, end));
        batchStart = end;
        records = 0;
    }

    /** Cuts off everything the batch wrote, durably, so that nothing of it can be found again. */
    void rollBack() throws IOException {
        staging.clear();
        long start = batchStart;
        for (Part part : parts) {
            part.file().truncate(part.from());
            part.file().force();
            if (part.segment() == segment) {
                start = Math.min(start, part.from());
            }
        }
        parts.clear();
        if (segment != null) {
            currentFile().truncate(start);
            currentFile().force();
            end = start;
            stagedAt = start;
            batchStart = start;
        }
        records = 0;
    }

    /** Closes the files that were left for newer ones, once their last batch is durable. */
    void closeLeft() throws IOException {
        for (DiskFile old : left) {
            old.close();
        }
        left.clear();
    }

    /** Cuts unused preallocated space off and closes. */
    void close() throws IOException {
        closeLeft();
        if (segment != null) {
            current().seal();
            if (currentFile().size() > end) {
                currentFile().truncate(end);
            }
            currentFile().close();
            segment = null;
        }
    }

    /** Closes without touching anything, after a failure. */
    void abandon() throws IOException {
        closeLeft();
        if (file != null && segment != null) {
            currentFile().close();
            segment = null;
        }
    }
}

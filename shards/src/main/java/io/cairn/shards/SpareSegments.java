package io.cairn.shards;

import io.cairn.base.Entropy;
import io.cairn.model.DriveId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The next packed segment, filled with real zeros and synced ahead of its use: overwriting written blocks needs no
 * metadata in an {@code fdatasync}. Made by the drive's care thread, taken by its writer. Safe for use by both.
 */
final class SpareSegments {
    /** A segment file that is durable, empty and ready. */
    record Spare(SegmentHeader header, DiskFile file) {}

    private static final int CHUNK_BYTES = 1 << 20;

    /** So many bytes at once go to the disk, for a sync of a commit meanwhile waits behind all of them. */
    private static final long SYNC_BYTES = 4L << 20;

    private final SegmentSet segments;
    private final Disk disk;
    private final long segmentBytes;
    private final DriveId drive;
    private final long session;
    private final Entropy entropy;
    private final AtomicReference<@Nullable Spare> ready = new AtomicReference<>();

    SpareSegments(SegmentSet segments, Disk disk, long segmentBytes, DriveId drive, long session, Entropy entropy) {
        this.segments = segments;
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.drive = drive;
        this.session = session;
        this.entropy = entropy;
    }

    @Nullable
    Spare take() {
        return ready.getAndSet(null);
    }

    boolean wanted() {
        return ready.get() == null;
    }

    /** Makes a spare. A failure leaves none, and no more than an empty file behind, which the next opening removes. */
    void prepare() throws IOException {
        SegmentHeader header =
                new SegmentHeader(Stream.PACKED, segments.nextId(), session, entropy.nextLong(), drive.value());
        DiskFile file = segments.create(header);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
            for (long at = SegmentHeader.BYTES; at < segmentBytes; at += CHUNK_BYTES) {
                zeros.clear().limit((int) Math.min(CHUNK_BYTES, segmentBytes - at));
                file.write(zeros, at);
                if ((at - SegmentHeader.BYTES) % SYNC_BYTES == SYNC_BYTES - CHUNK_BYTES) {
                    file.force();
                }
            }
            file.force();
        } catch (IOException failure) {
            file.close();
            disk.delete(DriveLayout.SEGMENTS + "/" + header.fileName());
            throw failure;
        }
        ready.set(new Spare(header, file));
    }

    /** Removes a spare that was not used. */
    void discard() throws IOException {
        Spare spare = take();
        if (spare != null) {
            spare.file().close();
            disk.delete(DriveLayout.SEGMENTS + "/" + spare.header().fileName());
        }
    }
}

package io.cairn.shards;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One segment file of an open drive. Sums and states are changed by the writer alone and read by anybody; the handle
 * for reading is shared, opened when needed, and closed once nobody uses it.
 */
final class Segment {
    final SegmentHeader header;
    final String name;
    private final Disk disk;

    private volatile SegmentRow row;
    private volatile boolean sealed;
    private volatile boolean damaged;
    private volatile long heldBytes;

    private @Nullable DiskFile file;
    private int users;
    private boolean retired;
    private volatile long lastUse;

    Segment(Disk disk, SegmentHeader header, SegmentRow row, boolean sealed) {
        this.disk = disk;
        this.header = header;
        this.name = DriveLayout.SEGMENTS + "/" + header.fileName();
        this.row = row;
        this.sealed = sealed;
    }

    long id() {
        return header.id();
    }

    Stream stream() {
        return header.stream();
    }

    SegmentRow row() {
        return row;
    }

    void row(SegmentRow changed) {
        row = changed;
    }

    /** Called by the writer when a record of this segment became live (sign 1) or dead (sign -1). */
    void count(ShardCopy copy, int sign) {
        SegmentRow old = row;
        long bytes = RecordHead.storedBytes(stream(), copy.labelLength(), copy.payloadLength());
        row = new SegmentRow(
                old.indexedTo(),
                old.liveBytes() + sign * bytes,
                old.liveShards() + sign,
                old.punchedBytes(),
                old.lastBatch());
    }

    void indexed(long to, long batch) {
        SegmentRow old = row;
        row = new SegmentRow(
                Math.max(to, old.indexedTo()),
                old.liveBytes(),
                old.liveShards(),
                old.punchedBytes(),
                Math.max(batch, old.lastBatch()));
    }

    void punched(long bytes) {
        SegmentRow old = row;
        row = new SegmentRow(
                old.indexedTo(), old.liveBytes(), old.liveShards(), old.punchedBytes() + bytes, old.lastBatch());
    }

    /** True once nothing will be appended any more. */
    boolean sealed() {
        return sealed;
    }

    void seal() {
        sealed = true;
    }

    /** True when compaction met damage here: the file is evidence and stays. */
    boolean damaged() {
        return damaged;
    }

    void markDamaged() {
        damaged = true;
    }

    /**
     * Tombstones that compaction had to keep; until the drive is opened again they do not count as dead. By the writer.
     */
    void hold(long bytes) {
        heldBytes = heldBytes + bytes;
    }

    /** The bytes of the file that are neither live nor given back. */
    long deadBytes() {
        SegmentRow now = row;
        return Math.max(0, now.indexedTo() - SegmentHeader.BYTES - now.liveBytes() - now.punchedBytes() - heldBytes);
    }

    long lastUse() {
        return lastUse;
    }

    /**
     * The file for reading; every successful call is followed by one {@link #release}. Null once the segment is
     * retired.
     */
    synchronized @Nullable DiskFile acquire(long useNumber) throws IOException {
        if (retired) {
            return null;
        }
        DiskFile opened = file;
        if (opened == null) {
            opened = disk.open(name, false);
            file = opened;
        }
        users++;
        lastUse = useNumber;
        return opened;
    }

    synchronized void release() throws IOException {
        users--;
        if (users == 0 && retired) {
            closeFile();
        }
    }

    /** Refuses readers from now on; the file is closed when the last one has left. */
    synchronized void retire() throws IOException {
        retired = true;
        if (users == 0) {
            closeFile();
        }
    }

    /** Closes the handle if nobody reads; the next reader opens it again. */
    synchronized boolean closeIfIdle() throws IOException {
        if (users > 0 || file == null) {
            return false;
        }
        closeFile();
        return true;
    }

    synchronized boolean isOpen() {
        return file != null;
    }

    private void closeFile() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}

package io.cairn.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The segments of an open drive, and the bound on how many of their files are open. Safe for use by many threads. */
final class SegmentSet {
    private final Disk disk;
    private final int openFilesMax;
    private final Map<Long, Segment> byId = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong uses = new AtomicLong();

    SegmentSet(Disk disk, int openFilesMax) {
        this.disk = disk;
        this.openFilesMax = openFilesMax;
    }

    void add(Segment segment) {
        byId.put(segment.id(), segment);
        noteId(segment.id());
    }

    /** Ids up to this one are taken. */
    void noteId(long id) {
        lastId.accumulateAndGet(id, Math::max);
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    @Nullable
    Segment find(long id) {
        return byId.get(id);
    }

    boolean exists(long id) {
        return byId.containsKey(id);
    }

    Collection<Segment> all() {
        return byId.values();
    }

    /** Fills the buffer from a segment; answers the count read, or -1 when the segment has been retired. */
    int read(Segment segment, ByteBuffer target, long position) throws IOException {
        long use = uses.incrementAndGet();
        if ((use & 0xff) == 0) {
            trim();
        }
        DiskFile file = segment.acquire(use);
        if (file == null) {
            return -1;
        }
        try {
            return file.read(target, position);
        } finally {
            segment.release();
        }
    }

    private void trim() throws IOException {
        List<Segment> open = byId.values().stream()
                .filter(Segment::isOpen)
                .sorted(Comparator.comparingLong(Segment::lastUse))
                .toList();
        for (int i = 0; i < open.size() - openFilesMax; i++) {
            boolean _ = open.get(i).closeIfIdle();
        }
    }

    /** Punches a hole where a record was. */
    void punch(Segment segment, long offset, long bytes) throws IOException {
        DiskFile file = segment.acquire(uses.incrementAndGet());
        if (file == null) {
            return;
        }
        try {
            file.punch(offset, bytes);
        } finally {
            segment.release();
        }
    }

    /** Creates the file of a new segment and makes it and its name durable; nothing is appended before that. */
    DiskFile create(SegmentHeader header) throws IOException {
        String name = DriveLayout.SEGMENTS + "/" + header.fileName();
        DiskFile file = disk.create(name);
        try {
            file.write(header.encode(), 0);
            file.force();
            disk.syncDirectory(DriveLayout.SEGMENTS);
            return file;
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
    }

    /** Deletes the file of a segment nobody needs; it counts as gone only once that is durable. */
    void delete(Segment segment) throws IOException {
        disk.delete(segment.name);
        disk.syncDirectory(DriveLayout.SEGMENTS);
        Segment _ = byId.remove(segment.id());
        segment.retire();
    }

    /** Drops a segment whose file recovery has removed because it was never used. */
    void forget(Segment segment) throws IOException {
        Segment _ = byId.remove(segment.id());
        segment.retire();
    }

    void close() throws IOException {
        for (Segment segment : byId.values()) {
            segment.retire();
        }
    }
}

package io.cairn.host.linux;

import io.cairn.host.Extent;
import io.cairn.host.kernel.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The FIEMAP ioctl, which says where the bytes of a file lie. Stateless. Source: include/uapi/linux/fiemap.h. */
final class ExtentMap {
    /** _IOWR('f', 11, struct fiemap). */
    private static final long FIEMAP = 0xC020660BL;

    private static final int FLAG_SYNC = 1;
    private static final int HEAD_BYTES = 32;
    private static final int EXTENT_BYTES = 56;
    private static final int EXTENTS_PER_CALL = 2048;
    private static final int LENGTH_AT = 8;
    private static final int FLAGS_AT = 16;
    private static final int MAPPED_AT = 20;
    private static final int COUNT_AT = 24;

    private static final int EXTENT_FLAGS_AT = 40;
    private static final int LAST = 0x1;
    private static final int UNWRITTEN = 0x800;
    private static final int SHARED = 0x2000;

    /** Unknown, delayed, encoded, not aligned, inline, tail: no place that bytes could be compared by. */
    private static final int NOT_PLACED = 0x2 | 0x4 | 0x8 | 0x100 | 0x200 | 0x400;

    private ExtentMap() {}

    static List<Extent> read(Descriptor file) {
        var extents = new ArrayList<Extent>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment map = arena.allocate(HEAD_BYTES + (long) EXTENTS_PER_CALL * EXTENT_BYTES, Long.BYTES);
            long from = 0;
            while (from >= 0) {
                from = readFrom(file, map, from, extents);
            }
        }
        return extents;
    }

    /** Adds the next extents; returns where to go on, or -1 at the end. */
    private static long readFrom(Descriptor file, MemorySegment map, long from, List<Extent> extents) {
        map.set(ValueLayout.JAVA_LONG, 0, from);
        map.set(ValueLayout.JAVA_LONG, LENGTH_AT, Long.MAX_VALUE - from);
        map.set(ValueLayout.JAVA_INT, FLAGS_AT, from == 0 ? FLAG_SYNC : 0);
        map.set(ValueLayout.JAVA_INT, MAPPED_AT, 0);
        map.set(ValueLayout.JAVA_INT, COUNT_AT, EXTENTS_PER_CALL);
        file.demand(file.ioctl(FIEMAP, map), "read the extents of", "the filesystem may not tell them");
        int mapped = map.get(ValueLayout.JAVA_INT, MAPPED_AT);
        int flags = 0;
        for (int i = 0; i < mapped; i++) {
            MemorySegment entry = map.asSlice(HEAD_BYTES + (long) i * EXTENT_BYTES, EXTENT_BYTES);
            flags = entry.get(ValueLayout.JAVA_INT, EXTENT_FLAGS_AT);
            extents.add(extent(entry, flags));
        }
        return mapped == 0 || (flags & LAST) != 0 ? -1 : extents.getLast().logicalEnd();
    }

    private static Extent extent(MemorySegment entry, int flags) {
        return new Extent(
                entry.get(ValueLayout.JAVA_LONG, 0),
                entry.get(ValueLayout.JAVA_LONG, Long.BYTES),
                entry.get(ValueLayout.JAVA_LONG, 2L * Long.BYTES),
                (flags & UNWRITTEN) != 0,
                (flags & SHARED) != 0,
                (flags & NOT_PLACED) == 0);
    }
}

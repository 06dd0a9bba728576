package io.cairn.volumes;

import io.cairn.host.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * Changed blocks from extent maps. Two files of a reflink pool that have the same physical place at the same offset
 * share the block, and nobody can write into a shared block in place; so what differs in place may differ in content,
 * and what does not, does not. What reads as zeros in both (holes, unwritten extents) is equal. Stateless.
 */
public final class ExtentDiff {
    private ExtentDiff() {}

    /** Everything of the file that may be other than zeros. */
    public static List<ByteRange> written(List<Extent> extents) {
        var ranges = new ArrayList<ByteRange>();
        for (Extent extent : extents) {
            if (!extent.unwritten()) {
                add(ranges, extent.logical(), extent.logicalEnd());
            }
        }
        return ranges;
    }

    /** Everything that may differ between two files, in order. Both lists are in logical order, without overlap. */
    public static List<ByteRange> between(List<Extent> before, List<Extent> after) {
        var ranges = new ArrayList<ByteRange>();
        var first = new Cursor(before);
        var second = new Cursor(after);
        long at = 0;
        while (first.more() || second.more()) {
            long end = Math.min(first.boundaryAfter(at), second.boundaryAfter(at));
            if (first.differs(second, at)) {
                add(ranges, at, end);
            }
            at = end;
            first.passTo(at);
            second.passTo(at);
        }
        return ranges;
    }

    private static void add(List<ByteRange> ranges, long from, long to) {
        if (!ranges.isEmpty() && ranges.getLast().end() == from) {
            ByteRange last = ranges.removeLast();
            ranges.add(new ByteRange(last.offset(), to - last.offset()));
        } else {
            ranges.add(new ByteRange(from, to - from));
        }
    }

    /** A place in one extent map. For one thread. */
    private static final class Cursor {
        private final List<Extent> extents;
        private int next;

        Cursor(List<Extent> extents) {
            this.extents =
                    extents.stream().filter(extent -> !extent.unwritten()).toList();
        }

        boolean more() {
            return next < extents.size();
        }

        /** The next offset at which something begins or ends. */
        long boundaryAfter(long at) {
            if (!more()) {
                return Long.MAX_VALUE;
            }
            Extent extent = extents.get(next);
            return extent.logical() > at ? extent.logical() : extent.logicalEnd();
        }

        void passTo(long at) {
            while (more() && extents.get(next).logicalEnd() <= at) {
                next++;
            }
        }

        private boolean holds(long at) {
            return more() && extents.get(next).logical() <= at;
        }

        /** True when the block at this offset may be another one in the other file. */
        boolean differs(Cursor other, long at) {
            if (holds(at) != other.holds(at)) {
                return true;
            }
            return holds(at) && (!placed() || !other.placed() || place(at) != other.place(at));
        }

        private boolean placed() {
            return extents.get(next).placed();
        }

        private long place(long at) {
            Extent extent = extents.get(next);
            return extent.physical() + (at - extent.logical());
        }
    }
}

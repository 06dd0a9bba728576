package io.cairn.host.linux;

import io.cairn.host.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of bytes that two files do not share, though one should be a copy of the other: {@code data} when the original
 * has data there, otherwise it has a hole, or what reads as one.
 */
record ExtentChange(long start, long length, boolean data) {
    /** Where the copy must be made equal, in order. Both lists are in logical order, within {@code size} or past it. */
    static List<ExtentChange> between(List<Extent> copy, List<Extent> original, long size) {
        var changes = new ArrayList<ExtentChange>();
        var there = new Cursor(copy);
        var here = new Cursor(original);
        for (long at = 0; at < size; ) {
            long end = Math.min(size, Math.min(there.runEnd(at), here.runEnd(at)));
            if (!same(there, here, at)) {
                add(changes, at, end, here.hasData(at));
            }
            at = end;
        }
        return changes;
    }

    private static boolean same(Cursor there, Cursor here, long at) {
        if (!here.hasData(at) || !there.hasData(at)) {
            return here.hasData(at) == there.hasData(at);
        }
        return here.isPlaced() && there.isPlaced() && here.place(at) == there.place(at);
    }

    /** What adjoins the last change and is of its kind makes it longer. */
    private static void add(List<ExtentChange> changes, long start, long end, boolean data) {
        if (!changes.isEmpty()) {
            ExtentChange last = changes.getLast();
            if (last.start + last.length == start && last.data == data) {
                changes.set(changes.size() - 1, new ExtentChange(last.start, end - last.start, data));
                return;
            }
        }
        changes.add(new ExtentChange(start, end - start, data));
    }

    /** A place in a list of extents, which only moves on. For one thread. */
    private static final class Cursor {
        private final List<Extent> extents;
        private int next;

        Cursor(List<Extent> extents) {
            this.extents = extents;
        }

        /** Moves to {@code at}; returns where the extent or the hole that it lies in ends. */
        long runEnd(long at) {
            while (next < extents.size() && extents.get(next).logicalEnd() <= at) {
                next++;
            }
            if (next == extents.size()) {
                return Long.MAX_VALUE;
            }
            Extent extent = extents.get(next);
            return extent.logical() <= at ? extent.logicalEnd() : extent.logical();
        }

        boolean hasData(long at) {
            return next < extents.size()
                    && extents.get(next).logical() <= at
                    && !extents.get(next).unwritten();
        }

        boolean isPlaced() {
            return extents.get(next).placed();
        }

        long place(long at) {
            Extent extent = extents.get(next);
            return extent.physical() + (at - extent.logical());
        }
    }
}

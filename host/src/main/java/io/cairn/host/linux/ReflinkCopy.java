package io.cairn.host.linux;

import io.cairn.host.Errno;
import io.cairn.host.Extent;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.FileStatus;
import io.cairn.host.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/**
 * A copy that shares the blocks of a file which is being written: piece by piece, and then again whatever lies
 * elsewhere since. Sharing a piece holds its writers off, sharing all at once would hold them off for a second per
 * 20,000 pieces that the file lies in. For one thread. Source: ioctl_ficlonerange(2).
 */
final class ReflinkCopy {
    /** FICLONERANGE: _IOW(0x94, 13, struct file_clone_range), which has source, offset, length and target offset. */
    private static final long CLONE_RANGE = 0x4020940DL;

    private static final int RANGE_BYTES = 32;
    private static final int OFFSET_AT = 8;
    private static final int LENGTH_AT = 16;
    private static final int TARGET_AT = 24;
    private static final int PUNCH_HOLE_KEEP_SIZE = 0x3;
    private static final long PIECE_BYTES = 8L << 20;

    /** With fewer differences than this the rest is quick enough to be done while writers wait. */
    private static final int FEW = 64;

    private static final int ROUNDS_MAX = 4;
    private static final String WITHOUT_REFLINKS = "the pool's filesystem cannot share blocks: XFS and btrfs can";

    private final Descriptor from;
    private final Descriptor to;
    private final long size;

    /** The extents of the copy, as of before a freeze: looking takes time, and nobody else writes to it. */
    private List<Extent> copied = List.of();

    ReflinkCopy(Descriptor from, Descriptor to) {
        this.from = from;
        this.to = to;
        this.size = FileStatus.of(from.magicPath()).size();
    }

    /** Shares everything once, and then what was written meanwhile, until that is little. */
    void start() {
        to.demand(to.truncate(size), "make", "");
        for (long at = 0; at < size; at += PIECE_BYTES) {
            share(at, Math.min(PIECE_BYTES, size - at));
        }
        copied = ExtentMap.read(to);
        for (int round = 0; round < ROUNDS_MAX && catchUp() > FEW; round++) {
            // Each round takes less time than the one before, so less is written during it.
            copied = ExtentMap.read(to);
        }
    }

    /** Shares what lies elsewhere than when the copy was last looked at; returns in how many places. */
    int catchUp() {
        List<ExtentChange> changes = ExtentChange.between(copied, ExtentMap.read(from), size);
        for (ExtentChange change : changes) {
            if (change.data()) {
                share(change.start(), change.length());
            } else {
                long answer = to.allocate(PUNCH_HOLE_KEEP_SIZE, change.start(), change.length());
                to.demand(answer, "punch a hole in", "");
            }
        }
        return changes.size();
    }

    private void share(long at, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = arena.allocate(RANGE_BYTES, Long.BYTES);
            range.set(ValueLayout.JAVA_LONG, 0, from.number());
            range.set(ValueLayout.JAVA_LONG, OFFSET_AT, at);
            range.set(ValueLayout.JAVA_LONG, LENGTH_AT, length);
            range.set(ValueLayout.JAVA_LONG, TARGET_AT, at);
            long answer = to.ioctl(CLONE_RANGE, range);
            if (answer < 0) {
                throw refused(answer, from.path());
            }
        }
    }

    /** Why a filesystem shared nothing; that it never can has one errno here, whatever it answered. */
    static HostFault refused(long answer, Path from) {
        Errno errno = Kernel.errno(answer);
        boolean cannot = List.of(Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.EXDEV, Errno.EINVAL)
                .contains(errno);
        return new HostFault("reflink", from, cannot ? Errno.EOPNOTSUPP : errno, cannot ? WITHOUT_REFLINKS : "");
    }
}

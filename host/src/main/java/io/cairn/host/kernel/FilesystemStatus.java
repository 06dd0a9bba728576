package io.cairn.host.kernel;

import io.cairn.host.HostFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * What statfs(2) says of the filesystem that holds a path. Blocks are of {@code blockBytes}; {@code available} ones are
 * for users without privileges.
 */
public record FilesystemStatus(
        long magic,
        long blockBytes,
        long blocks,
        long blocksFree,
        long blocksAvailable,
        long inodes,
        long inodesFree,
        long flags) {
    /** struct statfs of 64-bit Linux, x86-64 and AArch64 alike. */
    private static final int BYTES = 120;

    private static final int BLOCK_BYTES_AT = 8;
    private static final int BLOCKS_AT = 16;
    private static final int FREE_AT = 24;
    private static final int AVAILABLE_AT = 32;
    private static final int INODES_AT = 40;
    private static final int INODES_FREE_AT = 48;
    private static final int FRAGMENT_BYTES_AT = 72;
    private static final int FLAGS_AT = 80;
    private static final long FLAG_READ_ONLY = 1;

    public static FilesystemStatus of(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(BYTES, Long.BYTES);
            long answer = Kernel.filesystemStatus(arena.allocateFrom(path.toString()), result);
            if (answer < 0) {
                throw new HostFault("statfs", path, Kernel.errno(answer), "");
            }
            long fragment = word(result, FRAGMENT_BYTES_AT);
            return new FilesystemStatus(
                    word(result, 0),
                    fragment > 0 ? fragment : word(result, BLOCK_BYTES_AT),
                    word(result, BLOCKS_AT),
                    word(result, FREE_AT),
                    word(result, AVAILABLE_AT),
                    word(result, INODES_AT),
                    word(result, INODES_FREE_AT),
                    word(result, FLAGS_AT));
        }
    }

    private static long word(MemorySegment result, int at) {
        return result.get(ValueLayout.JAVA_LONG, at);
    }

    public boolean readOnly() {
        return (flags & FLAG_READ_ONLY) != 0;
    }
}

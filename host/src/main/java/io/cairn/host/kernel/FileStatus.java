package io.cairn.host.kernel;

import io.cairn.host.DeviceNumber;
import io.cairn.host.FileIdentity;
import io.cairn.host.HostFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What statx(2) says of a file. {@code special} is the device that the file is a node of, 0:0 for other files. */
public record FileStatus(FileIdentity identity, int mode, long size, long allocated, DeviceNumber special) {
    private static final int BASIC_STATS = 0x7ff;
    private static final int BYTES = 256;
    private static final int MODE_AT = 28;
    private static final int INODE_AT = 32;
    private static final int SIZE_AT = 40;
    private static final int BLOCKS_AT = 48;
    private static final int SPECIAL_AT = 128;
    private static final int DEVICE_AT = 136;
    private static final int BLOCK_BYTES = 512;
    private static final int TYPE_BITS = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;

    /** Follows links. */
    public static FileStatus of(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(BYTES, Long.BYTES);
            long answer = Kernel.fileStatus(arena.allocateFrom(path.toString()), 0, BASIC_STATS, result);
            if (answer < 0) {
                throw new HostFault("stat", path, Kernel.errno(answer), "");
            }
            return new FileStatus(
                    new FileIdentity(device(result, DEVICE_AT), result.get(ValueLayout.JAVA_LONG, INODE_AT)),
                    Short.toUnsignedInt(result.get(ValueLayout.JAVA_SHORT, MODE_AT)),
                    result.get(ValueLayout.JAVA_LONG, SIZE_AT),
                    result.get(ValueLayout.JAVA_LONG, BLOCKS_AT) * BLOCK_BYTES,
                    device(result, SPECIAL_AT));
        }
    }

    private static DeviceNumber device(MemorySegment result, int at) {
        return new DeviceNumber(
                result.get(ValueLayout.JAVA_INT, at), result.get(ValueLayout.JAVA_INT, at + Integer.BYTES));
    }

    public boolean isBlockDevice() {
        return (mode & TYPE_BITS) == BLOCK_DEVICE;
    }
}

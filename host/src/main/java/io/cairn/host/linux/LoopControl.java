package io.cairn.host.linux;

import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.FileIdentity;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The ioctls of loop devices and their structures. Stateless. Source: include/uapi/linux/loop.h. */
final class LoopControl {
    private static final Path CONTROL = Path.of("/dev/loop-control");
    private static final int LOOP_MAJOR = 7;

    private static final long CLR_FD = 0x4C01;
    private static final long SET_STATUS64 = 0x4C04;
    private static final long GET_STATUS64 = 0x4C05;
    private static final long SET_CAPACITY = 0x4C07;
    private static final long SET_DIRECT_IO = 0x4C08;
    private static final long CONFIGURE = 0x4C0A;
    private static final long CTL_GET_FREE = 0x4C82;

    /** struct loop_config: the file, the block size, a struct loop_info64, and room for later. */
    private static final int CONFIG_BYTES = 304;

    private static final int CONFIG_BLOCK_BYTES_AT = 4;
    private static final int CONFIG_INFO_AT = 8;

    private static final int INFO_BYTES = 232;
    private static final int INFO_DEVICE_AT = 0;
    private static final int INFO_INODE_AT = 8;
    private static final int INFO_OFFSET_AT = 24;
    private static final int INFO_SIZE_LIMIT_AT = 32;
    private static final int INFO_FLAGS_AT = 52;
    private static final int INFO_NAME_AT = 56;
    private static final int INFO_NAME_BYTES = 64;

    private LoopControl() {}

    /** A device that nobody had attached a moment ago, with its node. */
    static BlockDevice free() {
        try (var control = Descriptor.open(CONTROL, Descriptor.READ_WRITE, "is the kernel module loop loaded?")) {
            long index = control.demand(control.ioctl(CTL_GET_FREE, 0), "find a free loop device at", "");
            return node((int) index);
        }
    }

    /** The device of this index, whose node is made if nobody has (containers and hosts without udev). */
    static BlockDevice node(int index) {
        Path node = Path.of("/dev/loop" + index);
        DeviceNumber number = Sysfs.number("loop" + index).orElse(new DeviceNumber(LOOP_MAJOR, index));
        DeviceNodes.ensure(node, number);
        return new BlockDevice(node, number);
    }

    static long configure(Descriptor loop, Descriptor backing, Path image, boolean directIo, int blockBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(CONFIG_BYTES, Long.BYTES);
            config.set(ValueLayout.JAVA_INT, 0, backing.number());
            config.set(ValueLayout.JAVA_INT, CONFIG_BLOCK_BYTES_AT, blockBytes);
            MemorySegment info = config.asSlice(CONFIG_INFO_AT, INFO_BYTES);
            info.set(ValueLayout.JAVA_INT, INFO_FLAGS_AT, directIo ? LoopStatus.FLAG_DIRECT_IO : 0);
            byte[] name = image.toString().getBytes(StandardCharsets.UTF_8);
            byte[] kept = Arrays.copyOf(name, Math.min(name.length, INFO_NAME_BYTES - 1));
            MemorySegment.copy(kept, 0, info, ValueLayout.JAVA_BYTE, INFO_NAME_AT, kept.length);
            return loop.ioctl(CONFIGURE, config);
        }
    }

    /** Nothing when the device is not attached. */
    static Optional<LoopStatus> status(Descriptor loop) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
            long answer = loop.ioctl(GET_STATUS64, info);
            if (Descriptor.is(answer, Errno.ENXIO)) {
                return Optional.empty();
            }
            loop.demand(answer, "ask the status of", "");
            return Optional.of(new LoopStatus(
                    new FileIdentity(
                            DeviceNumber.ofDev(info.get(ValueLayout.JAVA_LONG, INFO_DEVICE_AT)),
                            info.get(ValueLayout.JAVA_LONG, INFO_INODE_AT)),
                    info.get(ValueLayout.JAVA_LONG, INFO_OFFSET_AT),
                    info.get(ValueLayout.JAVA_LONG, INFO_SIZE_LIMIT_AT),
                    info.get(ValueLayout.JAVA_INT, INFO_FLAGS_AT)));
        }
    }

    /** Takes back that the device goes with its last user. */
    static long keep(Descriptor loop, LoopStatus status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
            loop.demand(loop.ioctl(GET_STATUS64, info), "ask the status of", "");
            info.set(ValueLayout.JAVA_INT, INFO_FLAGS_AT, status.flags() & ~LoopStatus.FLAG_CLEARS_ITSELF);
            return loop.ioctl(SET_STATUS64, info);
        }
    }

    static boolean usesDirectIo(BlockDevice device) {
        try (var loop = Descriptor.open(device.node(), Descriptor.READ_ONLY)) {
            return status(loop)
                    .orElseThrow(() -> new HostFault("ask the status of", device.node(), Errno.ENXIO, ""))
                    .directIo();
        }
    }

    static long useDirectIo(Descriptor loop) {
        return loop.ioctl(SET_DIRECT_IO, 1);
    }

    static long refresh(Descriptor loop) {
        return loop.ioctl(SET_CAPACITY, 0);
    }

    static long clear(Descriptor loop) {
        return loop.ioctl(CLR_FD, 0);
    }
}

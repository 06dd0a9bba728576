package io.cairn.host.linux;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.FileStatus;
import io.cairn.host.kernel.Kernel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files under {@code /dev} by which block devices are opened. Stateless. */
final class DeviceNodes {
    private static final int BLOCK_DEVICE_660 = 0x6000 | 0660;

    private DeviceNodes() {}

    /** Makes the node if it is missing; one that is another device is a fault. */
    static void ensure(Path node, DeviceNumber number) {
        if (!Files.exists(node)) {
            long answer = Kernel.makeNode(node, BLOCK_DEVICE_660, number.dev());
            if (answer < 0 && answer != -Errno.EEXIST.number()) {
                throw new HostFault("make the device node", node, Kernel.errno(answer), "it needs CAP_MKNOD");
            }
        }
        FileStatus status = FileStatus.of(node);
        if (!status.isBlockDevice() || !status.special().equals(number)) {
            throw new HostFault("use the device node", node, Errno.ENODEV, "it is not the block device " + number);
        }
    }
}

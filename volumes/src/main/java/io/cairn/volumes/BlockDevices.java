package io.cairn.volumes;

import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Block devices that users name by a path below {@code /dev}, often a link that says which. Stateless. */
final class BlockDevices {
    private static final int TYPE_MASK = 0170000;
    private static final int BLOCK = 0060000;

    private BlockDevices() {}

    /** The block device that the path leads to, below {@code /dev} also in the end; empty when there is none. */
    static Optional<BlockDevice> at(Path path) {
        try {
            Path node = path.toRealPath();
            int mode = (Integer) Files.getAttribute(node, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if (!node.startsWith("/dev") || (mode & TYPE_MASK) != BLOCK) {
                return Optional.empty();
            }
            long number = (Long) Files.getAttribute(node, "unix:rdev", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new BlockDevice(node, DeviceNumber.ofDev(number)));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}

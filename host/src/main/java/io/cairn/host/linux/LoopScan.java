package io.cairn.host.linux;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.FileIdentity;
import io.cairn.host.HostFault;
import io.cairn.host.Loop;
import io.cairn.host.kernel.Descriptor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The loop devices that sysfs shows as attached. Names come from sysfs, identities from the devices themselves; one
 * that is detached meanwhile is left out. Stateless.
 */
final class LoopScan {
    private static final int SECTOR_BYTES = 512;

    private LoopScan() {}

    static Optional<Loop> holding(FileIdentity file) {
        return all().stream().filter(loop -> loop.backingFile().equals(file)).findFirst();
    }

    /** The device of that number, if it is an attached loop device. */
    static Optional<Loop> at(DeviceNumber number) {
        try {
            Path device = Sysfs.BY_NUMBER.resolve(number.toString()).toRealPath();
            return device.getFileName().toString().startsWith("loop") ? read(device) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static List<Loop> all() {
        var found = new ArrayList<Loop>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(Sysfs.BLOCK, "loop*")) {
            for (Path device : devices) {
                read(device).ifPresent(found::add);
            }
        } catch (IOException failure) {
            throw new HostFault("list " + Sysfs.BLOCK + ": " + failure.getMessage(), Errno.EIO, failure);
        }
        found.sort(Comparator.comparing(loop -> loop.device().number()));
        return found;
    }

    /** True while the kernel has a file behind the device. */
    static boolean attached(BlockDevice loop) {
        return backingName(Sysfs.BLOCK.resolve(loop.node().getFileName())).isPresent();
    }

    private static Optional<String> backingName(Path device) {
        return Sysfs.text(device.resolve("loop/backing_file"));
    }

    private static Optional<Loop> read(Path device) {
        Optional<String> name = backingName(device);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<DeviceNumber> number = Sysfs.text(device.resolve("dev")).map(DeviceNumber::parse);
        Optional<String> sectors = Sysfs.text(device.resolve("size"));
        if (number.isEmpty() || sectors.isEmpty()) {
            return Optional.empty();
        }
        var node = new BlockDevice(Path.of("/dev").resolve(device.getFileName().toString()), number.get());
        DeviceNodes.ensure(node.node(), node.number());
        var size = ByteCount.of(Long.parseLong(sectors.get()) * SECTOR_BYTES);
        return status(node)
                .map(status -> new Loop(
                        node, status.backingFile(), name.get(), size, status.directIo(), status.clearsItself()));
    }

    /** One pool that died must not keep the devices of all others from being found. */
    private static Optional<LoopStatus> status(BlockDevice device) {
        try (var loop = Descriptor.open(device.node(), Descriptor.READ_ONLY)) {
            return LoopControl.status(loop);
        } catch (HostFault fault) {
            if (fault.errno().equals(Errno.ENXIO) || fault.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            if (fault.errno().equals(Errno.EIO)) {
                return Optional.of(new LoopStatus(FileIdentity.UNKNOWN, 0, 0, 0));
            }
            throw fault;
        }
    }
}

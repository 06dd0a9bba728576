package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.Contents;
import io.cairn.host.Errno;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Filesystems;
import io.cairn.host.Freeze;
import io.cairn.host.GrowResult;
import io.cairn.host.MakeOptions;
import io.cairn.host.MakeResult;
import io.cairn.host.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Filesystems on the devices of the {@link SimulatedKernel}. */
record SimulatedFilesystems(SimulatedKernel kernel) implements Filesystems {
    @Override
    public Contents probe(Path device) {
        Map<String, String> content = SimulatedKernel.read(kernel.imageBehind(device));
        return content.containsKey("fs")
                ? new Contents.Filesystem(
                        FilesystemKind.EXT4.type().equals(content.get("fs")) ? FilesystemKind.EXT4 : FilesystemKind.XFS,
                        content.getOrDefault("uuid", ""),
                        Optional.empty())
                : new Contents.Empty();
    }

    @Override
    public MakeResult make(FilesystemKind kind, BlockDevice device, MakeOptions options) {
        Path image = kernel.loop(device.number()).image;
        if (SimulatedKernel.read(image).containsKey("fs")) {
            return new MakeResult.NotEmpty(probe(device.node()));
        }
        SimulatedKernel.set(image, "fs", kind.type());
        SimulatedKernel.set(image, "uuid", "u-" + image.getParent().getFileName());
        SimulatedKernel.set(image, "fssize", Long.toString(kernel.loop(device.number()).size));
        return new MakeResult.Made("u");
    }

    @Override
    public CheckResult check(FilesystemKind kind, BlockDevice device) {
        if (kernel.inUse(device.number())) {
            kernel.violations.add("checked while mounted: " + device);
        }
        Path image = kernel.loop(device.number()).image;
        Map<String, String> content = SimulatedKernel.read(image);
        content.remove("dirty");
        SimulatedKernel.write(image, content);
        return content.containsKey("broken") ? new CheckResult.Damaged("broken") : new CheckResult.Clean("");
    }

    @Override
    public CheckResult verify(FilesystemKind kind, BlockDevice device) {
        return new CheckResult.Clean("");
    }

    @Override
    public GrowResult growMounted(FilesystemKind kind, BlockDevice device, Path mountpoint) {
        if (kind == FilesystemKind.EXT4 && !kernel.growsMountedExt4) {
            return new GrowResult.MustBeUnmounted("no capability");
        }
        return grow(device);
    }

    @Override
    public GrowResult growUnmounted(FilesystemKind kind, BlockDevice device) {
        if (kernel.inUse(device.number())) {
            kernel.violations.add("grown offline while mounted: " + device);
        }
        return kind == FilesystemKind.XFS ? new GrowResult.MustBeMounted("xfs") : grow(device);
    }

    private GrowResult grow(BlockDevice device) {
        SimulatedKernel.SimulatedLoop loop = kernel.loop(device.number());
        SimulatedKernel.set(loop.image, "fssize", Long.toString(loop.size));
        return new GrowResult.Grown();
    }

    @Override
    public String newIdentity(FilesystemKind kind, BlockDevice device) {
        Path image = kernel.loop(device.number()).image;
        SimulatedKernel.set(image, "uuid", "u-" + image.getParent().getFileName());
        return "u";
    }

    @Override
    public Usage usage(Path mountpoint) {
        return new Usage(ByteCount.of(100), ByteCount.of(50), ByteCount.of(50), 10, 5);
    }

    @Override
    public Freeze freeze(Path mountpoint, Duration bound) {
        if (kernel.frozen.contains(mountpoint)) {
            throw SimulatedKernel.fault("freeze " + mountpoint, Errno.EBUSY);
        }
        kernel.frozen.add(mountpoint);
        return new SimulatedFreeze(kernel, mountpoint, bound, kernel.daemon);
    }

    /** A freeze that a dead daemon cannot end. */
    private record SimulatedFreeze(SimulatedKernel kernel, Path mountpoint, Duration bound, int daemon)
            implements Freeze {
        @Override
        public Thaw thaw() {
            close();
            return kernel.freezesTooLong ? new Thaw.TooLate(bound) : new Thaw.InTime(Duration.ofMillis(3));
        }

        @Override
        public void close() {
            if (kernel.daemon == daemon) {
                kernel.frozen.remove(mountpoint);
            }
        }
    }

    @Override
    public boolean thawLeftover(Path mountpoint) {
        return kernel.frozen.remove(mountpoint);
    }

    @Override
    public ByteCount trim(Path mountpoint) {
        return ByteCount.mebibytes(1);
    }
}

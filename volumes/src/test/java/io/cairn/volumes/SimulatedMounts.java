package io.cairn.volumes;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.MountEntry;
import io.cairn.host.MountOptions;
import io.cairn.host.MountTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Mounts of the {@link SimulatedKernel}; mounting twice over, or a filesystem that needs a check, is a violation. */
record SimulatedMounts(SimulatedKernel kernel) implements MountTable {
    @Override
    public void mount(String source, Path target, String fsType, MountOptions options) {
        if (!Files.isDirectory(target)) {
            throw SimulatedKernel.fault("mount on " + target, Errno.ENOENT);
        }
        if (at(target).isPresent()) {
            kernel.violations.add("mounted twice at " + target);
        }
        boolean device = source.startsWith("/dev/");
        DeviceNumber number = device ? kernel.number(Path.of(source)) : new DeviceNumber(0, kernel.mountId());
        if (device) {
            Path image = kernel.loop(number).image;
            Map<String, String> content = SimulatedKernel.read(image);
            if (!fsType.equals(content.get("fs"))) {
                throw SimulatedKernel.fault("mount " + source + ": no " + fsType + " there", Errno.EINVAL);
            }
            if (content.containsKey("dirty") && !kernel.inUse(number)) {
                kernel.violations.add("mounted without a check after an unclean stop: " + image);
            }
            SimulatedKernel.set(image, "dirty", "true");
        }
        var mount = new MountEntry(
                kernel.mountId(), 1, number, "/", target, List.of(), List.of(), fsType, source, options.words());
        kernel.mounts.add(mount);
        kernel.showData(mount);
    }

    @Override
    public void bind(Path source, Path target, MountOptions options) {
        kernel.mounts.add(new MountEntry(
                kernel.mountId(),
                1,
                new DeviceNumber(8, 1),
                source.toString(),
                target,
                List.of(),
                List.of(),
                "none",
                source.toString(),
                List.of()));
    }

    @Override
    public void share(Path directory) {}

    @Override
    public void unmount(Path target) {
        Optional<MountEntry> mount = at(target);
        if (mount.isEmpty()) {
            return;
        }
        if (kernel.frozen.contains(target)) {
            kernel.violations.add("unmounted while frozen: " + target);
        }
        kernel.hideData(mount.get());
        kernel.mounts.remove(mount.get());
        DeviceNumber device = mount.get().device();
        if (mount.get().source().startsWith("/dev/") && !kernel.inUse(device)) {
            Path image = kernel.loop(device).image;
            Map<String, String> content = SimulatedKernel.read(image);
            content.remove("dirty");
            SimulatedKernel.write(image, content);
        }
    }

    @Override
    public List<MountEntry> entries() {
        return List.copyOf(kernel.mounts);
    }

    @Override
    public List<Holder> holders(DeviceNumber device) {
        return holders().getOrDefault(device, List.of());
    }

    @Override
    public Map<DeviceNumber, List<Holder>> holders() {
        var all = new HashMap<DeviceNumber, List<Holder>>();
        kernel.containers.forEach((name, device) ->
                all.computeIfAbsent(device, _ -> new ArrayList<>()).add(new Holder(1, 1000, "app", Optional.of(name))));
        return all;
    }
}

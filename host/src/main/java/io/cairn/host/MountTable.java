package io.cairn.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mounts of this process's namespace, and the sight of every other one. Nothing of it survives a reboot. */
public interface MountTable {
    /**
     * Mounts {@code source} (a device node, or what the filesystem takes) on the existing directory {@code target}.
     * Mounting over a mount is allowed by the kernel and is the caller's to prevent.
     *
     * @throws HostFault when the kernel refuses; nothing is mounted then
     */
    void mount(String source, Path target, String fsType, MountOptions options);

    /** Makes the tree at {@code source} visible at {@code target} too, with {@code options} (flags only). */
    void bind(Path source, Path target, MountOptions options);

    /** Makes an existing directory a mount of its own that propagates to its peers; no change if it already is. */
    void share(Path directory);

    /**
     * Unmounts what is topmost at {@code target}; not lazily. Other namespaces may still hold the filesystem: ask
     * {@link #holders} before, and do not take this for a release of the device. No mount there is no error.
     *
     * @throws HostFault with {@link Errno#EBUSY} when files on it are in use here
     */
    void unmount(Path target);

    /** Every mount of our namespace, in the order of the kernel: a later entry at the same target hides the earlier. */
    List<MountEntry> entries();

    /** The topmost mount at exactly this directory. */
    default Optional<MountEntry> at(Path target) {
        return entries().stream().filter(entry -> entry.target().equals(target)).reduce((_, later) -> later);
    }

    /**
     * Every mount namespace but ours that has the device mounted. Needs to see every process: a daemon in its own pid
     * namespace sees less. A namespace that only a file descriptor keeps alive is not seen.
     */
    List<Holder> holders(DeviceNumber device);

    /** As {@link #holders}, for every device that is held anywhere else: one scan for many volumes. */
    Map<DeviceNumber, List<Holder>> holders();
}

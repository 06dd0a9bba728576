package io.cairn.host.cgroup;

import io.cairn.host.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Where the controller of block devices is: the kernel binds it to one hierarchy, of version 1 or 2. Source:
 * Documentation/admin-guide/cgroup-v1/blkio-controller.rst, cgroup-v2.rst.
 */
sealed interface Hierarchy {
    /** Controller {@code blkio}; {@code root} is where it is mounted. */
    record VersionOne(Path root) implements Hierarchy {}

    /** Controller {@code io}; {@code root} is where the hierarchy is mounted. */
    record VersionTwo(Path root) implements Hierarchy {}

    /** Nowhere that helps. */
    record None(String reason) implements Hierarchy {}

    /** The cgroup namespace that the host itself is in; what is mounted in another is a part of the hierarchy. */
    String NAMESPACE_OF_THE_HOST = "cgroup:[4026531835]";

    /** Looks through the mounts of this process. */
    static Hierarchy among(List<MountEntry> mounts) {
        if (!Namespaces.link(Path.of("/proc/self/ns/cgroup"))
                .orElse(NAMESPACE_OF_THE_HOST)
                .equals(NAMESPACE_OF_THE_HOST)) {
            return new None("this process has a cgroup namespace of its own (it is in a container): the groups of other"
                    + " containers are out of its sight; run it on the host");
        }
        for (MountEntry mount : mounts) {
            if (mount.type().equals("cgroup") && mount.superOptions().contains("blkio")) {
                return usable(mount, Files.exists(mount.target().resolve(BlkioFiles.READ_IOPS)), VersionOne::new);
            }
            if (mount.type().equals("cgroup2")
                    && words(mount.target().resolve("cgroup.controllers")).contains("io")) {
                return usable(mount, true, VersionTwo::new);
            }
        }
        return new None("no control group hierarchy with the controller of block devices is mounted here"
                + " (version 1 with blkio, or version 2 with io in cgroup.controllers)");
    }

    private static Hierarchy usable(MountEntry mount, boolean throttles, Function<Path, Hierarchy> found) {
        if (!mount.root().equals("/")) {
            return new None("only the part " + mount.root() + " of the control groups is mounted at " + mount.target());
        }
        if (mount.options().contains("ro")) {
            return new None("the control groups at " + mount.target() + " are mounted read-only");
        }
        return throttles
                ? found.apply(mount.target())
                : new None("this kernel cannot throttle block devices (CONFIG_BLK_DEV_THROTTLING)");
    }

    /** The words of a file of the kernel; none when it cannot be read. */
    static List<String> words(Path file) {
        try {
            return List.of(GroupFile.read(file).strip().split("\\s+"));
        } catch (IOException _) {
            return List.of();
        }
    }
}

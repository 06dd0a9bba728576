package io.cairn.host.cgroup;

import io.cairn.base.Clock;
import io.cairn.host.MountTable;
import io.cairn.host.Throttle;
import java.nio.file.Path;
import java.util.List;

/** Opens the {@link Throttle} that this host's kernel makes possible. Stateless. */
public final class CgroupThrottle {
    private CgroupThrottle() {}

    /**
     * {@code parents} are the groups in which other engines than Docker, or Docker with {@code --cgroup-parent}, keep
     * their containers: paths in the hierarchy, such as {@code kubepods.slice}.
     */
    public static Throttle open(MountTable mounts, List<String> parents, Clock clock) {
        return switch (Hierarchy.among(mounts.entries())) {
            case Hierarchy.VersionOne(Path root) ->
                new ContainerThrottle(mounts, new GroupTree(root, parents), clock).started();
            case Hierarchy.VersionTwo(Path root) -> new ParentThrottle(new GroupTree(root, parents), clock).started();
            case Hierarchy.None(String reason) -> new NoThrottle(reason);
        };
    }
}

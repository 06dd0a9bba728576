package io.cairn.host.linux;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The container that a process's cgroups name: {@code /docker/<id>} (v1 and v2 with the cgroupfs driver),
 * {@code /system.slice/docker-<id>.scope} (systemd), {@code …/cri-containerd-<id>.scope}, {@code libpod-<id>.scope}.
 * Stateless.
 */
final class ContainerIds {
    /** A whole component of the path, or the end of one; not a part of a longer number. */
    private static final Pattern ID = Pattern.compile("(?:/|-)([0-9a-f]{64})(?=$|[/.:])");

    private ContainerIds() {}

    /** {@code text} is that of {@code /proc/PID/cgroup}. In a container within a container the outer one is meant. */
    static Optional<String> of(String text) {
        for (String line : text.split("\n", -1)) {
            int path = line.indexOf(':', line.indexOf(':') + 1) + 1;
            Matcher id = ID.matcher(line.substring(path));
            if (id.find()) {
                return Optional.of(id.group(1));
            }
        }
        return Optional.empty();
    }
}

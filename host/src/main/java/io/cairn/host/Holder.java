package io.cairn.host;

import java.util.Optional;

/**
 * A mount namespace other than ours in which a device is mounted, known by one process that lives in it.
 * {@code namespace} is its inode, 0 when the kernel does not show it to us. {@code container} is the id of the
 * container, when the process's cgroup names one.
 */
public record Holder(long namespace, int pid, String command, Optional<String> container) {}

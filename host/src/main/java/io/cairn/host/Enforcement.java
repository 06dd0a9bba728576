package io.cairn.host;

/** How well the kernel of this host can hold a limit. */
public sealed interface Enforcement {
    /** cgroup v2: over all containers in total, buffered writes included. {@code group} carries the rule. */
    record Total(String group) implements Enforcement {}

    /** cgroup v1: direct I/O only, in each container's own group, the limit divided among those that hold it. */
    record DirectOnly(String group) implements Enforcement {}

    /** No limit can be held; {@code reason} says why. */
    record Unavailable(String reason) implements Enforcement {}
}

/**
 * Limits of devices, as rules of control groups: which hierarchy can hold them
 * ({@link io.cairn.host.cgroup.Hierarchy}), how rules are written there ({@link io.cairn.host.cgroup.RuleFiles}), and
 * which groups need them. On version 2 one rule on the parent of all containers is the limit; on version 1 each
 * container's own group needs its share, before its process starts. Start with
 * {@link io.cairn.host.cgroup.CgroupThrottle}.
 */
@NullMarked
package io.cairn.host.cgroup;

import org.jspecify.annotations.NullMarked;

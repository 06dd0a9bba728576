package io.cairn.backup.redis;

import java.util.stream.Collectors;

/**
 * The {@code nodes.conf} that a server of a cluster reads at its start, with only masters in it: with it beside its
 * {@code dump.rdb}, a new server at the old address is the master of the same slots again. Stateless.
 */
final class NodesFile {
    private NodesFile() {}

    static String of(ClusterMap map, ClusterMap.Master self) {
        long epoch =
                map.masters().stream().mapToLong(ClusterMap.Master::epoch).max().orElse(0);
        return map.masters().stream()
                .map(master -> "%s %s:%d@%d %smaster - 0 0 %d %s %s\n"
                        .formatted(
                                master.id(),
                                master.address().host(),
                                master.address().port(),
                                master.busPort(),
                                master.equals(self) ? "myself," : "",
                                master.epoch(),
                                "connected",
                                master.slotWords()))
                .collect(Collectors.joining("", "", "vars currentEpoch " + epoch + " lastVoteEpoch 0\n"));
    }
}

package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.Limits;
import io.cairn.host.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume with what the kernel says of it now. {@code usage} is there while it is mounted; {@code allocated} is what
 * its image takes of the pool. {@code enforcement} says exactly which limits hold for whom, {@code encryption} what is
 * hidden from the disk and how. Told without running a program or walking a tree.
 */
public record VolumeStatus(
        VolumeView volume,
        Optional<Usage> usage,
        ByteCount allocated,
        boolean thick,
        String filesystem,
        List<String> mountOptions,
        Limits limits,
        String enforcement,
        String encryption,
        String backupPolicy,
        Map<String, Integer> holders,
        int snapshots,
        Optional<Instant> lastSnapshot,
        Optional<Instant> lastBackup,
        List<String> warnings) {
    public VolumeStatus {
        mountOptions = List.copyOf(mountOptions);
        holders = Map.copyOf(holders);
        warnings = List.copyOf(warnings);
    }
}

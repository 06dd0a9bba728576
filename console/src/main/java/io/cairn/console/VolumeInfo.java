package io.cairn.console;

import io.cairn.host.Limits;
import io.cairn.host.Usage;
import io.cairn.volumes.VolumeStatus;
import io.cairn.volumes.VolumeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A volume as the control API shows it; sizes in bytes, times in UTC. What is not known is null: use while it is not
 * mounted, a limit that is not set, a snapshot that was never taken.
 */
public record VolumeInfo(
        String name,
        String id,
        String created,
        String mountpoint,
        boolean mounted,
        String kind,
        long size,
        @Nullable Long used,
        @Nullable Long available,
        @Nullable Long inodes,
        @Nullable Long inodesFree,
        long allocated,
        boolean thick,
        String filesystem,
        List<String> mountOptions,
        LimitsInfo limits,
        String enforcement,
        String encryption,
        String storageClass,
        String tier,
        String backupPolicy,
        Map<String, Integer> holders,
        int snapshots,
        @Nullable String lastSnapshot,
        @Nullable String lastBackup,
        List<String> warnings) {
    /** What the volume may do per second. */
    public record LimitsInfo(
            @Nullable Long readIops,
            @Nullable Long writeIops,
            @Nullable Long readBytes,
            @Nullable Long writeBytes) {
        static LimitsInfo of(Limits limits) {
            return new LimitsInfo(
                    orNull(limits.readIops()),
                    orNull(limits.writeIops()),
                    orNull(limits.readBytes()),
                    orNull(limits.writeBytes()));
        }

        private static @Nullable Long orNull(OptionalLong limit) {
            return limit.isPresent() ? Long.valueOf(limit.getAsLong()) : null;
        }
    }

    static VolumeInfo of(VolumeStatus status) {
        VolumeView view = status.volume();
        Optional<Usage> usage = status.usage();
        return new VolumeInfo(
                view.name().text(),
                view.id().toString(),
                view.created().toString(),
                view.mountpoint().toString(),
                view.mounted(),
                view.kind(),
                view.size().bytes(),
                usage.map(now -> now.used().bytes()).orElse(null),
                usage.map(now -> now.available().bytes()).orElse(null),
                usage.map(Usage::inodes).orElse(null),
                usage.map(Usage::inodesFree).orElse(null),
                status.allocated().bytes(),
                status.thick(),
                status.filesystem(),
                status.mountOptions(),
                LimitsInfo.of(status.limits()),
                status.enforcement(),
                status.encryption(),
                view.storageClass(),
                view.tier(),
                status.backupPolicy(),
                status.holders(),
                status.snapshots(),
                status.lastSnapshot().map(Instant::toString).orElse(null),
                status.lastBackup().map(Instant::toString).orElse(null),
                status.warnings());
    }
}

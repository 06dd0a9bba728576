package io.cairn.console;

import io.cairn.host.Usage;
import io.cairn.volumes.PoolStatus;
import io.cairn.volumes.VolumeStatus;
import io.cairn.volumes.Volumes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The figures of volumes and pools in the text format of the metrics page. Metric names are API. Stateless. */
public final class VolumeMetrics {
    private VolumeMetrics() {}

    public static String render(Volumes volumes) {
        List<VolumeStatus> all = volumes.list().stream()
                .map(view -> volumes.status(view.name()))
                .flatMap(Optional::stream)
                .toList();
        Prometheus page = new Prometheus();
        each(
                page,
                "cairn_volume_size_bytes",
                "Size that was promised",
                all,
                status -> status.volume().size().bytes());
        each(
                page,
                "cairn_volume_allocated_bytes",
                "Room that the image takes of its pool",
                all,
                status -> status.allocated().bytes());
        usage(
                page,
                "cairn_volume_used_bytes",
                "Used in the filesystem, while mounted",
                all,
                usage -> usage.used().bytes());
        usage(
                page,
                "cairn_volume_available_bytes",
                "Free in the filesystem, while mounted",
                all,
                usage -> usage.available().bytes());
        usage(page, "cairn_volume_inodes", "Inodes of the filesystem, while mounted", all, Usage::inodes);
        usage(page, "cairn_volume_inodes_free", "Free inodes, while mounted", all, Usage::inodesFree);
        each(
                page,
                "cairn_volume_mounted",
                "1 while mounted",
                all,
                status -> status.volume().mounted() ? 1 : 0);
        each(
                page,
                "cairn_volume_holders",
                "Who holds it",
                all,
                status -> status.holders().size());
        each(page, "cairn_volume_snapshots", "Snapshots", all, VolumeStatus::snapshots);
        each(
                page,
                "cairn_volume_warnings",
                "Warnings in the status",
                all,
                status -> status.warnings().size());
        times(page, "cairn_volume_last_snapshot_seconds", "Unix time of the newest snapshot", all, true);
        times(page, "cairn_volume_last_backup_seconds", "Unix time of the newest backup", all, false);
        pools(page, volumes.pools());
        return page.toString();
    }

    private static void each(
            Prometheus page,
            String name,
            String help,
            List<VolumeStatus> volumes,
            ToDoubleFunction<VolumeStatus> value) {
        page.gauge(name, help);
        volumes.forEach(status -> page.value(name, label(status), value.applyAsDouble(status)));
    }

    private static void usage(
            Prometheus page, String name, String help, List<VolumeStatus> volumes, ToDoubleFunction<Usage> value) {
        page.gauge(name, help);
        volumes.forEach(status ->
                status.usage().ifPresent(usage -> page.value(name, label(status), value.applyAsDouble(usage))));
    }

    private static void times(
            Prometheus page, String name, String help, List<VolumeStatus> volumes, boolean snapshots) {
        page.gauge(name, help);
        for (VolumeStatus status : volumes) {
            Optional<Instant> time = snapshots ? status.lastSnapshot() : status.lastBackup();
            time.ifPresent(at -> page.value(name, label(status), at.getEpochSecond()));
        }
    }

    /** Names of volumes have no character that a label would have to escape. */
    private static String label(VolumeStatus status) {
        return "volume=\"" + status.volume().name() + "\"";
    }

    private static void pools(Prometheus page, List<PoolStatus> pools) {
        page.gauge("cairn_volume_pool_bytes", "Bytes of the pool by kind");
        for (PoolStatus pool : pools) {
            String label = "pool=\"" + pool.name() + "\",kind=";
            page.value(
                    "cairn_volume_pool_bytes", label + "\"size\"", pool.size().bytes());
            page.value(
                    "cairn_volume_pool_bytes",
                    label + "\"available\"",
                    pool.available().bytes());
            page.value(
                    "cairn_volume_pool_bytes",
                    label + "\"committed\"",
                    pool.committed().bytes());
            page.value(
                    "cairn_volume_pool_bytes",
                    label + "\"committed_max\"",
                    pool.committedMax().bytes());
        }
        page.gauge("cairn_volume_pool_usable", "1 when the pool can be used");
        pools.forEach(pool -> page.value(
                "cairn_volume_pool_usable",
                "pool=\"" + pool.name() + "\"",
                pool.problem().isEmpty() ? 1 : 0));
        page.gauge("cairn_volume_pool_level", "0 ok, 1 low, 2 critical, 3 exhausted");
        pools.forEach(pool -> page.value(
                "cairn_volume_pool_level",
                "pool=\"" + pool.name() + "\"",
                pool.level().ordinal()));
    }
}

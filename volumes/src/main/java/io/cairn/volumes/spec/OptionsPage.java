package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The reference page of options, classes and configuration, made from the tables that the program reads with. */
public final class OptionsPage {
    private OptionsPage() {}

    /** The whole page, in Markdown. */
    public static String render() {
        var page = new StringBuilder("""
                # Options of volumes

                Made from the program's own tables; a test compares.

                Options are given one by one: `cairn volume create NAME -o size=10G -o iops=500`, and the same `-o` to a
                container engine. Unknown options are refused, with the nearest one that is known.
                A volume that is created again with the same options is there already; with others it is refused.

                | option | value | allowed | otherwise | |
                |---|---|---|---|---|
                """);
        for (VolumeOption option : VolumeOption.values()) {
            page.append("| `%s` | %s | %s | %s | %s |%n"
                    .formatted(option.word(), option.kind(), option.bounds(), option.otherwise(), option.sentence()));
        }
        rules(page);
        words(page);
        classes(page);
        configuration(page);
        return page.toString();
    }

    private static void rules(StringBuilder page) {
        page.append("""

                ## How a volume is mounted

                Every volume: `nosuid`, `nodev`. Thin ones: `discard`, so that deleted files give room back to the pool.
                More than %d operations per second promised: `noatime`, `nodiratime`. XFS above %s: `largeio`. Then what
                the profile asks for, then what `mount` or `o` says, which wins.

                | profile | for | mount options | on XFS also |
                |---|---|---|---|
                """.formatted(MountRules.BUSY_IOPS, MountRules.LARGE));
        for (Profile profile : Profile.values()) {
            page.append("| `%s` | %s | %s | %s |%n"
                    .formatted(
                            profile.word(),
                            profile.sentence(),
                            code(profile.always()),
                            code(profile.on(io.cairn.host.FilesystemKind.XFS))));
        }
    }

    private static void words(StringBuilder page) {
        page.append("""

                ## Mount options that are allowed

                | what is mounted | options |
                |---|---|
                """);
        MountAllowList.table().forEach((what, forms) -> page.append("| %s | %s |%n".formatted(what, code(forms))));
    }

    private static void classes(StringBuilder page) {
        page.append("""

                ## Storage classes

                | class | tier | size | filesystem | thick | profile | backup policy |
                |---|---|---|---|---|---|---|
                """);
        for (StorageClass each : VolumesConfig.shipped(Path.of("/")).classes().values()) {
            page.append("| `%s` | %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            each.name(),
                            each.tier(),
                            each.size(),
                            each.profile() == Profile.SCRATCH
                                    ? "memory"
                                    : each.filesystem().type(),
                            each.thick() ? "yes" : "no",
                            each.profile().word(),
                            each.backup()));
        }
    }

    private static void configuration(StringBuilder page) {
        page.append("""

                ## Configuration file

                `cairn start --config FILE`, in TOML. Unknown keys are refused, with the nearest one that is known.

                ```toml
                [volumes]
                default-class = "hot"
                mounts = "/run/cairn/mnt"   # where mountpoints are; otherwise "mnt" in the default pool
                container-groups = ["apps.slice"]  # of containers run with --cgroup-parent: limits hold there too

                [keys]                      # where the master key is; otherwise a file in the state directory
                provider = "file"
                file = "/etc/cairn/master.key"

                [pool.fast]                 # "default" is the pool below the first --data directory
                directory = "/mnt/fast"
                overcommit = 1.5            # promised room, as a multiple of the room there is; 1 keeps every promise
                ballast = "256MiB"          # given up in an emergency

                [class.database]            # changes a shipped class, or makes a new one
                pool = "fast"
                encrypted = true
                iops = 2000
                ```

                | key of `[pool.NAME]` | otherwise | |
                |---|---|---|
                | `directory` | | Where the images lie: an absolute path, at best a mount of XFS. |
                | `overcommit` | %s | What may be promised, as a multiple of the room there is; at most 100. |
                | `ballast` | %s | Room that is reserved and given up in an emergency; at most a 64th of the pool. |

                | key of `[class.NAME]` | |
                |---|---|
                """.formatted(PoolSettings.OVERCOMMIT_DEFAULT, ByteCount.of(PoolSettings.BALLAST_DEFAULT.bytes())));
        for (ClassKey key : ClassKey.values()) {
            page.append("| `%s` | %s |%n".formatted(key.word(), key.sentence()));
        }
    }

    private static String code(java.util.List<String> words) {
        return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(" "));
    }
}

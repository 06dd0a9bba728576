package io.cairn.cli;

import io.cairn.base.Clock;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn backup …}: makes recovery points, and brings back what is in them. */
@Command(
        name = "backup",
        description = "Backs up what applications keep, and brings it back.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            RestoreCommand.class,
            ForgetCommand.class,
            PolicyCommand.class,
            EscrowCommand.class,
            WalCommand.class,
            WalFetchCommand.class
        },
        footer = {
            "",
            "Exit status: 0 done, 1 failed, 2 not understood, 3 some files could not be read or restored,",
            "4 damage found, 5 locked or lease lost, 6 wrong password."
        })
final class BackupCommand {
    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private void show(RepositoryOptions options, Object json, String text) {
        out().println(options.json() ? AdminClient.pretty(json) : text);
        out().flush();
    }

    @Command(
            name = "ls",
            description = "Lists recovery points, or what is in a snapshot.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin RepositoryOptions options,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "SNAPSHOT",
                            description = "An id, latest, or POINT:PART as 20261122_220000:postgres/db1:5432")
                    String name,
            @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", defaultValue = "/") String path,
            @Option(names = "--partial", description = "Runs without a recovery point") boolean partial,
            @Option(names = "--snapshots", description = "All snapshots, as restic lists them") boolean snapshots) {
        return options.with(err(), repository -> {
            PointCommands points = new PointCommands(repository, out(), options.json());
            if (name != null) {
                return paths(options, repository, name, path);
            }
            return partial ? points.partials() : snapshots ? snapshots(options, repository) : points.list();
        });
    }

    @Command(name = "show", description = "Shows a recovery point.", mixinStandardHelpOptions = true)
    int show(
            @Mixin RepositoryOptions options,
            @Parameters(paramLabel = "POINT", defaultValue = "latest", description = "An id, or latest") String name) {
        return options.with(err(), repository -> new PointCommands(repository, out(), options.json()).show(name));
    }

    @Command(
            name = "collect",
            description = "Removes what is left of runs that made no recovery point.",
            mixinStandardHelpOptions = true)
    int collect(
            @Mixin RepositoryOptions options,
            @Option(names = "--older-than", paramLabel = "TIME", defaultValue = "P7D", description = "As P7D")
                    Duration grace) {
        return options.with(err(), repository -> new PointCommands(repository, out(), options.json()).collect(grace));
    }

    private int snapshots(RepositoryOptions options, Repository repository) {
        if (options.json()) {
            out().println(AdminClient.pretty(repository.snapshots().stream()
                    .map(snapshot -> {
                        Map<String, Object> fields = new LinkedHashMap<>();
                        fields.put("id", snapshot.id().toString());
                        fields.putAll(snapshot.fields());
                        return fields;
                    })
                    .toList()));
            return 0;
        }
        Table table = new Table("SNAPSHOT", "TIME", "HOST", "TAGS", "PATHS");
        repository
                .snapshots()
                .forEach(snapshot -> table.row(
                        snapshot.id().brief(),
                        snapshot.time().toString(),
                        snapshot.host(),
                        String.join(",", snapshot.tags()),
                        String.join(", ", snapshot.paths())));
        table.print(out());
        return 0;
    }

    private int paths(RepositoryOptions options, Repository repository, String name, String path) {
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            reader.browse()
                    .walk(
                            PointWords.snapshot(repository, name),
                            path,
                            (below, node) -> out().println(
                                            options.json()
                                                    ? AdminClient.pretty(Map.of(
                                                            "path",
                                                            below,
                                                            "type",
                                                            node.kind().word(),
                                                            "size",
                                                            node.size(),
                                                            "mtime",
                                                            node.modified().toString()))
                                                    : below));
            out().flush();
            return 0;
        }
    }

    @Command(name = "find", description = "Finds paths in all snapshots.", mixinStandardHelpOptions = true)
    int find(@Mixin RepositoryOptions options, @Parameters(paramLabel = "GLOB") String glob) {
        PathMatcher matcher =
                FileSystems.getDefault().getPathMatcher("glob:" + (glob.contains("/") ? glob : "**/" + glob));
        return options.with(err(), repository -> {
            try (SnapshotReader reader = SnapshotReader.open(repository)) {
                for (Snapshot snapshot : repository.snapshots()) {
                    reader.browse().walk(snapshot, "/", (below, node) -> {
                        if (matcher.matches(Path.of(below))) {
                            out().println(snapshot.id().brief() + " " + below);
                        }
                    });
                }
                out().flush();
                return 0;
            }
        });
    }

    @Command(name = "cat", description = "Writes one file to the standard output.", mixinStandardHelpOptions = true)
    int cat(
            @Mixin RepositoryOptions options,
            @Parameters(index = "0", paramLabel = "SNAPSHOT") String name,
            @Parameters(index = "1", paramLabel = "PATH") String path) {
        return options.with(err(), repository -> {
            try (SnapshotReader reader = SnapshotReader.open(repository)) {
                reader.restore(Progress.NONE).stream(PointWords.snapshot(repository, name), path, System.out);
                return 0;
            }
        });
    }

    @Command(name = "diff", description = "Shows what differs between two snapshots.", mixinStandardHelpOptions = true)
    int diff(
            @Mixin RepositoryOptions options,
            @Parameters(index = "0", paramLabel = "FROM") String from,
            @Parameters(index = "1", paramLabel = "TO") String to) {
        return options.with(err(), repository -> {
            try (SnapshotReader reader = SnapshotReader.open(repository)) {
                reader.browse()
                        .diff(
                                PointWords.snapshot(repository, from),
                                PointWords.snapshot(repository, to),
                                (path, change) -> out().println(switch (change) {
                                            case ADDED -> "+ ";
                                            case REMOVED -> "- ";
                                            case CONTENT -> "M ";
                                            case METADATA -> "U ";
                                        }
                                        + path));
                out().flush();
                return 0;
            }
        });
    }

    @Command(
            name = "verify",
            description = "Reads every byte of a recovery point or a snapshot, and notes down what was found.",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin RepositoryOptions options,
            @Parameters(index = "0", paramLabel = "POINT|SNAPSHOT", defaultValue = "latest") String name,
            @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
                    ProgressBar.Style style) {
        return options.with(err(), repository -> {
            try (ProgressBar bar = new ProgressBar(err(), style, Clock.system())) {
                return new PointCommands(repository, out(), options.json()).verify(name, bar, err());
            }
        });
    }
}

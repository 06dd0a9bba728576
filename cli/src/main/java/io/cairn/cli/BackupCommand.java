package io.cairn.cli;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Restore;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.Verification;
import io.cairn.repository.seal.Id;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn backup …}: stores directories and streams, and brings them back. */
@Command(
        name = "backup",
        description = "Backs up directories and streams, and brings them back.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ForgetCommand.class,
        footer = {
            "",
            "Exit status: 0 done, 1 failed, 2 not understood, 3 done but some files could not be read or restored,",
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

    @Command(name = "run", description = "Makes a snapshot.", mixinStandardHelpOptions = true)
    int run(
            @Mixin RepositoryOptions options,
            @Option(
                            names = "--source",
                            required = true,
                            paramLabel = "DIR|-",
                            description = "A directory or file; may be repeated. - is the standard input")
                    List<String> sources,
            @Option(names = "--name", defaultValue = "stdin", description = "The name of the standard input's file")
                    String name,
            @Option(names = "--tag", description = "A word to find it by; may be repeated") List<String> tags,
            @Option(names = "--exclude", paramLabel = "GLOB", description = "Leave out paths, as **/*.tmp")
                    List<String> exclude,
            @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
                    ProgressBar.Style style) {
        return options.with(err(), repository -> {
            try (ProgressBar bar = new ProgressBar(err(), style, Clock.system())) {
                Backup backup = new Backup(repository, bar, tags == null ? List.of() : tags, Optional.empty());
                Backup.Result result = sources.equals(List.of("-"))
                        ? backup.stream(name, System.in)
                        : backup.directories(absolute(sources), excluded(exclude));
                bar.close();
                report(options, result);
                return result.problems() == 0 ? 0 : RepositoryOptions.INCOMPLETE;
            }
        });
    }

    private static List<String> absolute(List<String> sources) {
        return sources.stream()
                .map(source -> {
                    if (source.contains("://")) {
                        throw new CommandFault("cannot back up " + source.replaceFirst("//[^/@]*@", "//")
                                + ": give a directory, a file, or - for the standard input");
                    }
                    return Path.of(source).toAbsolutePath().normalize().toString();
                })
                .sorted()
                .toList();
    }

    private static Predicate<String> excluded(List<String> globs) {
        if (globs == null) {
            return _ -> false;
        }
        List<PathMatcher> matchers = globs.stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
        return path -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(path)));
    }

    private void report(RepositoryOptions options, Backup.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("snapshot", result.snapshot().toString());
        json.put("parent", result.parent().map(Id::toString).orElse(""));
        json.put("files", result.files());
        json.put("unchangedFiles", result.reused());
        json.put("bytes", result.bytes());
        json.put("problems", result.problems());
        json.put("newBlobs", result.newBlobs());
        json.put("newBytes", result.newBytes());
        json.put("storedBytes", result.storedBytes());
        show(
                options,
                json,
                "snapshot " + result.snapshot().brief() + ": " + result.files() + " files ("
                        + result.reused() + " unchanged), " + ByteCount.of(result.bytes()) + ", new "
                        + ByteCount.of(result.newBytes()) + ", stored " + ByteCount.of(result.storedBytes())
                        + (result.problems() == 0 ? "" : "; " + result.problems() + " files could not be read"));
    }

    @Command(name = "ls", description = "Lists snapshots, or what is in one.", mixinStandardHelpOptions = true)
    int list(
            @Mixin RepositoryOptions options,
            @Parameters(arity = "0..1", paramLabel = "SNAPSHOT", description = "An id, or latest") String name,
            @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", defaultValue = "/") String path) {
        return options.with(
                err(),
                repository -> name == null ? snapshots(options, repository) : paths(options, repository, name, path));
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
                            repository.snapshot(name),
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
                reader.restore(Progress.NONE).stream(repository.snapshot(name), path, System.out);
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
                                repository.snapshot(from),
                                repository.snapshot(to),
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

    @Command(name = "restore", description = "Restores into an empty directory.", mixinStandardHelpOptions = true)
    int restore(
            @Mixin RepositoryOptions options,
            @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "An id, or latest") String name,
            @Option(names = "--target", required = true, paramLabel = "DIR", description = "Empty, or not there")
                    Path target,
            @Option(names = "--path", defaultValue = "/", description = "Only this path of the snapshot") String path,
            @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
                    ProgressBar.Style style) {
        return options.with(err(), repository -> {
            try (SnapshotReader reader = SnapshotReader.open(repository);
                    ProgressBar bar = new ProgressBar(err(), style, Clock.system())) {
                Restore.Result result = reader.restore(bar)
                        .into(
                                repository.snapshot(name),
                                path,
                                target.toAbsolutePath().normalize().toString());
                bar.close();
                show(
                        options,
                        result,
                        "restored " + result.files() + " files, " + ByteCount.of(result.bytes())
                                + (result.problems() == 0 ? "" : "; " + result.problems() + " problems"));
                return result.problems() == 0 ? 0 : RepositoryOptions.INCOMPLETE;
            }
        });
    }

    @Command(
            name = "verify",
            description = "Reads every byte of a snapshot, and notes it down when all is right.",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin RepositoryOptions options,
            @Parameters(index = "0", paramLabel = "SNAPSHOT", defaultValue = "latest") String name,
            @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
                    ProgressBar.Style style) {
        return options.with(err(), repository -> {
            try (ProgressBar bar = new ProgressBar(err(), style, Clock.system())) {
                Verification.Result result = new Verification(repository, bar).verify(repository.snapshot(name));
                bar.close();
                result.errors().forEach(error -> err().println("cairn: " + error));
                show(
                        options,
                        result,
                        (result.errors().isEmpty() ? "verified: " : "not complete: ") + result.blobs() + " blobs, "
                                + ByteCount.of(result.bytes()));
                return result.errors().isEmpty() ? 0 : RepositoryOptions.DAMAGED;
            }
        });
    }
}

package io.cairn.cli;

import io.cairn.backup.postgres.BaseSnapshot;
import io.cairn.backup.postgres.Lsn;
import io.cairn.backup.postgres.PostgresRestore;
import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.repository.Repository;
import io.cairn.repository.Restore;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn backup restore}: brings a snapshot back; a base backup of PostgreSQL as a directory that recovers. */
@Command(
        name = "restore",
        description = {
            "Restores into an empty directory. A base backup of PostgreSQL becomes a data directory that recovers with",
            "the WAL of the repository when a server is started on it: to the last byte, or to --to-time, --to-lsn or",
            "--to-name."
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RepositoryOptions options;

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "An id, or latest")
    private String name = "";

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    @Option(names = "--path", paramLabel = "PATH", description = "Only this path of the snapshot, as files")
    private @Nullable String path;

    @Option(names = "--to-time", paramLabel = "TIME", description = "PostgreSQL: recover to 2026-11-22T22:30:00Z")
    private @Nullable String time;

    @Option(names = "--to-lsn", paramLabel = "LSN", description = "PostgreSQL: recover to this place, as 0/1D5E5A0")
    private @Nullable String lsn;

    @Option(names = "--to-name", paramLabel = "NAME", description = "PostgreSQL: recover to a named restore point")
    private @Nullable String point;

    @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
    private ProgressBar.Style style = ProgressBar.Style.auto;

    /** One of both. */
    static final class Where {
        @Option(names = "--target", paramLabel = "DIR", description = "A directory, empty or not there")
        private @Nullable Path directory;

        @Option(
                names = "--to",
                paramLabel = "s3://HOST:PORT/BUCKET",
                description = "The snapshot of a bucket: into this bucket, empty or not there")
        private @Nullable String bucket;
    }

    @Override
    public Integer call() {
        return options.with(spec.commandLine().getErr(), repository -> {
            String bucket = where.bucket;
            if (bucket != null) {
                return BucketTarget.restore(repository, name, bucket, style, options, spec.commandLine());
            }
            return run(repository, Optional.ofNullable(where.directory).orElseThrow());
        });
    }

    private int run(Repository repository, Path target) {
        PostgresRestore.Until until = until();
        try (SnapshotReader reader = SnapshotReader.open(repository);
                ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), style, Clock.system())) {
            Snapshot snapshot = PointWords.snapshot(repository, name);
            Optional<BaseSnapshot> base = path == null ? BaseSnapshot.of(reader, snapshot) : Optional.empty();
            if (base.isPresent()) {
                return database(repository, reader, bar, base.get(), until, target);
            }
            if (!(until instanceof PostgresRestore.Until.End)) {
                throw new CommandFault(snapshot + " is no base backup of PostgreSQL: it has no place to recover to");
            }
            Restore.Result result = reader.restore(bar)
                    .into(
                            snapshot,
                            path == null ? "/" : path,
                            target.toAbsolutePath().normalize().toString());
            bar.close();
            show(result, result.files(), result.bytes(), result.problems());
            return result.problems() == 0 ? 0 : RepositoryOptions.INCOMPLETE;
        }
    }

    private int database(
            Repository repository,
            SnapshotReader reader,
            ProgressBar bar,
            BaseSnapshot base,
            PostgresRestore.Until until,
            Path target) {
        List<String> fetch = new java.util.ArrayList<>(List.of(program(), "backup", "wal-fetch", "--place"));
        fetch.add(base.name().place());
        fetch.addAll(options.asArguments());
        PostgresRestore.Result result = new PostgresRestore(repository, reader, bar).into(base, target, until, fetch);
        bar.close();
        show(result, result.files(), result.bytes(), result.problems());
        if (!options.json()) {
            result.tablespaces()
                    .forEach((number, place) ->
                            spec.commandLine().getOut().println("tablespace " + number + " is in " + place));
            result.gap().ifPresent(gap -> spec.commandLine().getOut().println("beware: " + gap));
            spec.commandLine()
                    .getOut()
                    .println("the base ended at " + base.end() + ", the archive goes to " + result.reach() + "\n"
                            + PostgresRestore.next(target.toAbsolutePath().normalize()));
            spec.commandLine().getOut().flush();
        }
        return result.problems() == 0 ? 0 : RepositoryOptions.INCOMPLETE;
    }

    /** How a server calls this program later. */
    private static String program() {
        String given = System.getenv("CAIRN_PROGRAM");
        if (given != null && !given.isBlank()) {
            return given;
        }
        String home = System.getProperty("cairn.home");
        for (String place : home == null ? List.<String>of() : List.of("bin/cairn", "../../cairn")) {
            Path program = Path.of(home).resolve(place).normalize();
            if (Files.isExecutable(program)) {
                return program.toString();
            }
        }
        return "cairn";
    }

    private PostgresRestore.Until until() {
        if ((time == null ? 0 : 1) + (lsn == null ? 0 : 1) + (point == null ? 0 : 1) > 1) {
            throw new CommandFault("give one of --to-time, --to-lsn and --to-name");
        }
        if (time != null) {
            return new PostgresRestore.Until.Time(instant(time));
        }
        if (lsn != null) {
            String text = lsn;
            return new PostgresRestore.Until.At(Lsn.parse(text)
                    .orElseThrow(() -> new CommandFault(text + " is not a place in the WAL, such as 0/1D5E5A0")));
        }
        return point == null ? new PostgresRestore.Until.End() : new PostgresRestore.Until.Name(point);
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException notOne) {
            throw new CommandFault(text + " is not a time with a zone, such as 2026-11-22T22:30:00Z", notOne);
        }
    }

    private void show(Object json, long files, long bytes, long problems) {
        spec.commandLine()
                .getOut()
                .println(
                        options.json()
                                ? AdminClient.pretty(json)
                                : "restored " + files + " files, " + ByteCount.of(bytes)
                                        + (problems == 0 ? "" : "; " + problems + " problems"));
        spec.commandLine().getOut().flush();
    }
}

package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Restore;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.RepositoryFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes an empty directory into a data directory that recovers by itself to where it should when a server is started on
 * it. Never in place. One use, one thread.
 */
public final class PostgresRestore {
    /** To PostgreSQL only 1 may mean the end; a program that could not even start must stop it. */
    private static final String STATUS = "case $? in 0) exit 0;; 9) exit 1;; *) exit 255;; esac";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

    private final Repository repository;
    private final SnapshotReader reader;
    private final Progress progress;

    public PostgresRestore(Repository repository, SnapshotReader reader, Progress progress) {
        this.repository = repository;
        this.reader = reader;
        this.progress = progress;
    }

    /** Where recovery ends. */
    public sealed interface Until {
        /** With the last byte that was received. */
        record End() implements Until {}

        /** With the last commit before or at a time. */
        record Time(Instant instant) implements Until {}

        record At(Lsn lsn) implements Until {}

        /** At what {@code pg_create_restore_point} was called with. */
        record Name(String name) implements Until {}
    }

    /** What was done: {@code reach} is how far the archive goes without a hole, {@code gap} says where one is. */
    public record Result(
            long files, long bytes, long problems, Lsn reach, Optional<String> gap, Map<String, Path> tablespaces) {
        public Result {
            tablespaces = Map.copyOf(tablespaces);
        }
    }

    /**
     * Restores; nothing is written when the WAL does not reach the target.
     *
     * @param fetch the command that brings WAL, to which file and place are appended
     */
    public Result into(BaseSnapshot base, Path directory, Until until, List<String> fetch) {
        Path target = directory.toAbsolutePath().normalize();
        var archive = WalArchive.of(repository, reader, new WalArea(repository, base.name()), base.segmentSize());
        Lsn reach = reach(archive, base);
        Optional<String> gap = archive.last(base.timeline())
                .filter(last -> last.isAfter(reach))
                .map(_ -> WalFetch.gap(archive, base.timeline(), reach));
        check(base, until, reach, gap);
        Restore.Result data =
                reader.restore(progress).into(base.snapshot(), base.name().path() + "/data", target.toString());
        long files = data.files();
        long bytes = data.bytes();
        long problems = data.problems();
        Map<String, Path> tablespaces = new TreeMap<>();
        for (String number : base.tablespaces().keySet()) {
            Path place =
                    target.resolveSibling(target.getFileName() + ".tablespaces").resolve(number);
            Restore.Result space = reader.restore(progress)
                    .into(base.snapshot(), base.name().path() + "/tablespaces/" + number, place.toString());
            files += space.files();
            bytes += space.bytes();
            problems += space.problems();
            tablespaces.put(number, place);
        }
        try {
            arrange(target, tablespaces, until, fetch);
        } catch (IOException failed) {
            throw new RepositoryFault.Source("cannot write below " + target + ": " + failed.getMessage(), failed);
        }
        return new Result(files, bytes, problems, reach, gap, tablespaces);
    }

    /** Later timelines begin where their histories say; within the first one, a hole is a hole. */
    private static Lsn reach(WalArchive archive, BaseSnapshot base) {
        Lsn reach = archive.reach(base.timeline(), base.end(), base.segmentSize());
        return reach.isAfter(base.end()) ? reach : base.end();
    }

    private static void check(BaseSnapshot base, Until until, Lsn reach, Optional<String> gap) {
        switch (until) {
            case Until.End _ -> {
                if (gap.isPresent()) {
                    throw new SourceFault.Damaged(gap.get());
                }
            }
            case Until.Time time -> {
                if (time.instant().isBefore(base.ended())) {
                    throw new SourceFault.Refused("the base backup ended at " + base.ended() + ", after "
                            + time.instant() + ": take an older one (`cairn backup ls`), or a later time");
                }
            }
            case Until.At at -> {
                if (base.end().isAfter(at.lsn())) {
                    throw new SourceFault.Refused("the base backup is consistent from " + base.end() + " on, after "
                            + at.lsn() + ": take an older one, or a later place");
                }
                if (at.lsn().isAfter(reach)) {
                    throw new SourceFault.Damaged(gap.orElse("the archive ends at " + reach + ", before " + at.lsn()));
                }
            }
            case Until.Name _ -> {}
        }
    }

    private static void arrange(Path target, Map<String, Path> tablespaces, Until until, List<String> fetch)
            throws IOException {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        var map = new StringBuilder();
        for (Map.Entry<String, Path> tablespace : tablespaces.entrySet()) {
            map.append(tablespace.getKey())
                    .append(' ')
                    .append(tablespace.getValue())
                    .append('\n');
        }
        if (!tablespaces.isEmpty()) {
            Files.writeString(target.resolve("tablespace_map"), map);
        }
        Path file = target.resolve("postgresql.auto.conf");
        // An earlier restore may have left its own target, and PostgreSQL takes one only.
        List<String> lines = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            if (!line.startsWith("recovery_target") && !line.startsWith("restore_command")) {
                lines.add(line);
            }
        }
        lines.add("# Written by cairn backup restore");
        List<String> quoted = fetch.stream().map(PostgresRestore::shell).toList();
        lines.add(setting(
                "restore_command",
                "mv " + WalFetch.AHEAD + "/%f %p 2>/dev/null || " + String.join(" ", quoted) + " %f %p; " + STATUS));
        lines.add(setting("recovery_target_action", "promote"));
        lines.add(setting("recovery_target_timeline", "latest"));
        switch (until) {
            case Until.End _ -> {}
            case Until.Time time ->
                lines.add(setting(
                        "recovery_target_time", TIME.format(time.instant().atOffset(ZoneOffset.UTC)) + "+00"));
            case Until.At at ->
                lines.add(setting("recovery_target_lsn", at.lsn().toString()));
            case Until.Name point -> lines.add(setting("recovery_target_name", point.name()));
        }
        Files.write(file, lines);
        Files.write(target.resolve("recovery.signal"), new byte[0]);
        Files.deleteIfExists(target.resolve("standby.signal"));
        Path ahead = target.resolve(WalFetch.AHEAD);
        Files.createDirectory(ahead);
        like(target, List.of(ahead, target.resolve("recovery.signal"), target.resolve("postgresql.auto.conf")));
    }

    /** New files belong to whom the data directory belongs. */
    private static void like(Path target, List<Path> files) throws IOException {
        for (Path file : files) {
            if (!Files.getOwner(file).equals(Files.getOwner(target))) {
                Files.setOwner(file, Files.getOwner(target));
            }
        }
    }

    private static String setting(String name, String value) {
        return name + " = '" + value.replace("'", "''") + "'";
    }

    private static String shell(String word) {
        return word.matches("[A-Za-z0-9_./:=,-]+")
                ? word
                : "'" + word.replace("%", "%%").replace("'", "'\\''") + "'";
    }

    /** What a person does next. */
    public static String next(Path directory) {
        return "look at it, then start a server on it as the user that owns it:\n"
                + "  chown -R postgres: " + directory + "\n"
                + "  pg_ctl -D " + directory + " -o '-p 5433' start\n"
                + "it replays the WAL, ends recovery, and takes connections";
    }
}

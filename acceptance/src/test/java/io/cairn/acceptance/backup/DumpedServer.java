package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL 15 of Debian on a free port of loopback and a socket in a directory of the test's own. It refuses to be
 * root's, so its processes are of the user {@code nobody} when the test is root. Closing ends it by its process id. One
 * thread.
 */
final class DumpedServer implements AutoCloseable {
    static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
    static final String PASSWORD = "kept-to-ourselves";
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final Process process;

    private DumpedServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    static DumpedServer start(Path directory) {
        assumeTrue(
                Files.isExecutable(PROGRAMS.resolve("postgres")),
                PROGRAMS + " has no PostgreSQL; scripts/install-test-tools installs it");
        try {
            Files.createDirectories(directory);
            Path password = Files.writeString(directory.resolve("password"), PASSWORD);
            if (root()) {
                String _ = Shell.run("chown", "-R", "nobody", directory.toString());
                for (Path above = directory; !above.equals(Path.of("/tmp")) && above.getNameCount() > 1; ) {
                    above = above.getParent();
                    String _ = Shell.run("chmod", "o+x", above.toString());
                }
            }
            Shell.Ended made = Shell.end(
                    WITHIN,
                    Map.of("LC_ALL", "C.UTF-8"),
                    asNobody(List.of(
                            PROGRAMS.resolve("initdb").toString(),
                            "-D",
                            directory.resolve("data").toString(),
                            "-U",
                            "boss",
                            "--auth=scram-sha-256",
                            "--pwfile=" + password,
                            "--no-sync")));
            if (made.status() != 0) {
                throw new IllegalStateException(made.output());
            }
            int port = RedisServer.freePort();
            Process process = new ProcessBuilder(asNobody(List.of(
                            PROGRAMS.resolve("postgres").toString(),
                            "-D",
                            directory.resolve("data").toString(),
                            "-h",
                            "127.0.0.1",
                            "-p",
                            String.valueOf(port),
                            "-k",
                            directory.toString(),
                            "-c",
                            "fsync=off")))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            DumpedServer server = new DumpedServer(directory, port, process);
            RedisServer.until(
                    "PostgreSQL answers; its log is " + directory.resolve("log"),
                    () -> server.end("postgres", "SELECT 1").status() == 0);
            return server;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static boolean root() {
        return Shell.run("id", "-u").strip().equals("0");
    }

    private static List<String> asNobody(List<String> command) {
        if (!root()) {
            return command;
        }
        List<String> words =
                new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        words.addAll(command);
        return words;
    }

    private Shell.Ended end(String database, String sql) {
        return program("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql);
    }

    /** Runs one of PostgreSQL's programs as the superuser. */
    Shell.Ended program(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                PROGRAMS.resolve(name).toString(), "-h", "127.0.0.1", "-p", String.valueOf(port), "-U", "boss"));
        command.addAll(List.of(arguments));
        return Shell.end(WITHIN, Map.of("PGPASSWORD", PASSWORD), command);
    }

    /** What SQL prints. */
    String sql(String database, String sql) {
        Shell.Ended ended = end(database, sql);
        if (ended.status() != 0) {
            throw new IllegalStateException(sql + ": " + ended.output());
        }
        return ended.output().strip();
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory;
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            kill();
        }
    }
}

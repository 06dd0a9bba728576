package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A PostgreSQL of Debian on a free port of loopback, as the user {@code postgres}, with its data in a directory of the
 * test's own. Closing ends it by its process id. One thread.
 */
final class PostgresServer implements AutoCloseable {
    static final String PASSWORD = "geheim-of-a-test-4711";

    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final Path scratch;
    private final Path data;
    private final int port;
    private final Process process;

    private PostgresServer(Path scratch, Path data, int port, Process process) {
        this.scratch = scratch;
        this.data = data;
        this.port = port;
        this.process = process;
    }

    static void requireInstalled() {
        assumeTrue(
                Files.isExecutable(PROGRAMS.resolve("postgres")) && Files.isExecutable(PROGRAMS.resolve("pgbench")),
                PROGRAMS + " has no PostgreSQL; scripts/install-test-tools installs it");
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can run a server as another user");
    }

    /** A directory that the server's user may use, for everything of one test. */
    static Path scratch() throws IOException {
        Path scratch = Files.createTempDirectory("cairn-postgres-");
        Files.writeString(scratch.resolve("password"), PASSWORD + "\n");
        Shell.run("chown", "-R", "postgres:", scratch.toString());
        return scratch;
    }

    /** Makes a cluster with checksums and starts it with these settings. */
    static PostgresServer make(Path scratch, String... settings) throws IOException {
        Path data = scratch.resolve("data");
        run(
                "initdb",
                "-D",
                data.toString(),
                "-U",
                "postgres",
                "-k",
                "-A",
                "scram-sha-256",
                "--pwfile",
                scratch.resolve("password").toString());
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "host all,replication all 127.0.0.1/32 scram-sha-256\n",
                StandardOpenOption.APPEND);
        Files.writeString(
                data.resolve("postgresql.conf"), String.join("\n", settings) + "\n", StandardOpenOption.APPEND);
        return start(scratch, data);
    }

    /** Starts a server on a data directory, and waits until it takes writes. */
    static PostgresServer start(Path scratch, Path data) throws IOException {
        PostgresServer server = launch(scratch, data);
        try {
            server.until(
                    "PostgreSQL takes writes",
                    () -> server.ask("SELECT pg_is_in_recovery()").equals(Optional.of("f")));
            return server;
        } catch (AssertionError failed) {
            server.close();
            throw new AssertionError(failed.getMessage() + ": " + server.log(), failed);
        }
    }

    /** Starts a server that may well end by itself. */
    static PostgresServer launch(Path scratch, Path data) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(runAs("postgres", "-D", data.toString()));
        command.addAll(List.of("-p", Integer.toString(port), "-c", "listen_addresses=127.0.0.1"));
        command.addAll(List.of("-c", "unix_socket_directories=" + scratch));
        Process process = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        scratch.resolve(data.getFileName() + ".log").toFile()))
                .start();
        process.getOutputStream().close();
        return new PostgresServer(scratch, data, port, process);
    }

    private static List<String> runAs(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
        command.add(PROGRAMS.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void run(String program, String... arguments) {
        Shell.Ended ended = Shell.end(WITHIN, Map.of("LC_ALL", "C.UTF-8"), runAs(program, arguments));
        if (ended.status() != 0) {
            throw new AssertionError(program + ": " + ended.output());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    String log() throws IOException {
        return Files.readString(scratch.resolve(data.getFileName() + ".log"));
    }

    /** The word that names it as a source, with the place of its password. */
    String source() {
        return "postgres://postgres@127.0.0.1:" + port + "?password-file=" + scratch.resolve("password");
    }

    /** The command line of a client program of PostgreSQL; its password comes by {@link #environment}. */
    List<String> client(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAMS.resolve(program).toString()));
        command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres"));
        command.addAll(List.of(arguments));
        return command;
    }

    static Map<String, String> environment() {
        return Map.of("PGPASSWORD", PASSWORD, "PGCONNECT_TIMEOUT", "10");
    }

    /** Runs a client program to success. */
    String succeed(String program, String... arguments) {
        Shell.Ended ended = Shell.end(WITHIN, environment(), client(program, arguments));
        if (ended.status() != 0) {
            throw new AssertionError(program + ": " + ended.output());
        }
        return ended.output().strip();
    }

    String sql(String statement) {
        return succeed("psql", "-X", "-A", "-t", "-q", "-d", "postgres", "-c", statement);
    }

    /** The answer, or nothing while the server does not answer. */
    private Optional<String> ask(String statement) {
        Shell.Ended ended = Shell.end(
                WITHIN, environment(), client("psql", "-X", "-A", "-t", "-q", "-d", "postgres", "-c", statement));
        return ended.status() == 0 ? Optional.of(ended.output().strip()) : Optional.empty();
    }

    /** Waits for something that this server does, as long as it lives. */
    void until(String what, BooleanSupplier condition) {
        Waiting.until(what, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("PostgreSQL ended before this: " + what);
            }
            return condition.getAsBoolean();
        });
    }

    /** Waiting for conditions, as long as a slow machine may take. Stateless. */
    static final class Waiting {
        private static final long PAUSE_NANOS = 200_000_000L;

        private Waiting() {}

        static void until(String what, BooleanSupplier condition) {
            long end = System.nanoTime() + WITHIN.toNanos();
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("not within " + WITHIN.toSeconds() + " s: " + what);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** What a lost machine is: every process gone at once, without a word. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        Waiting.until(
                "the server is gone", () -> !process.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void close() {
        try {
            if (process.isAlive() && !process.toHandle().destroy()) {
                return;
            }
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            kill();
        }
    }
}

package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A Redis of Debian on a free port of loopback, with its data in a directory of the test's own. Closing ends it by its
 * process id. One thread.
 */
final class RedisServer implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/redis-server");
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final Process process;
    private final List<String> login;

    private RedisServer(Path directory, int port, Process process, List<String> login) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        this.login = login;
    }

    static void requireInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed; scripts/install-test-tools installs it");
    }

    static RedisServer start(Path directory, String... options) {
        return start(directory, freePort(), List.of(), options);
    }

    /** Starts it on the port; {@code login} are the options with which {@code redis-cli} is let in. */
    static RedisServer start(Path directory, int port, List<String> login, String... options) {
        try {
            Files.createDirectories(directory);
            List<String> command = new ArrayList<>(List.of(
                    PROGRAM.toString(),
                    "--port",
                    String.valueOf(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    directory.toString(),
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--repl-diskless-sync-delay",
                    "0",
                    "--enable-debug-command",
                    "local"));
            command.addAll(List.of(options));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("log").toFile()))
                    .start();
            process.getOutputStream().close();
            RedisServer server = new RedisServer(directory, port, process, login);
            server.awaitAnswerOrEnd();
            return server;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private void awaitAnswerOrEnd() throws IOException {
        try {
            until("Redis answers", () -> end("PING").output().contains("PONG"));
        } catch (AssertionError silent) {
            close();
            throw new AssertionError("Redis did not start: " + Files.readString(directory.resolve("log")), silent);
        }
    }

    /** A port that nobody has, nor the one that a cluster's bus would take beside it. */
    static int freePort() {
        for (int i = 0; i < 100; i++) {
            try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = one.getLocalPort();
                if (port < 55_000) {
                    try (ServerSocket bus = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
                        return bus.getLocalPort() - 10_000;
                    } catch (IOException _) {
                        // The next one.
                    }
                }
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }
        throw new IllegalStateException("no free ports");
    }

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + WITHIN + ": " + what);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** What a command answers. */
    String run(String... words) {
        Shell.Ended ended = end(words);
        if (ended.status() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + ended.output());
        }
        return ended.output().strip();
    }

    private Shell.Ended end(String... words) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/redis-cli", "-e", "-p", String.valueOf(port)));
        command.addAll(login);
        command.addAll(List.of(words));
        return Shell.end(WITHIN, Map.of(), command);
    }

    String digest() {
        return run("DEBUG", "DIGEST");
    }

    Process process() {
        return process;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.acceptance.Shell;
import io.cairn.testkit.UnixCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon in the role {@code volumes} alone, as a process of its own with the flags of production, with its pool in
 * a directory of the test and a driver name that no other run has. Closing ends it and fails when a loop device, a
 * mount or a process is left. Used by one thread.
 */
final class VolumeDaemon implements AutoCloseable {
    /** Where every Docker Engine looks for the sockets of plugins. */
    private static final Path PLUGINS = Path.of("/run/docker/plugins");

    private static final Path ROOT =
            Path.of(System.getProperty("cairn.root", "..")).toAbsolutePath().normalize();
    private static final AtomicInteger STARTED = new AtomicInteger();
    // The first start builds the program.
    private static final Duration ANSWERS_MAX = Duration.ofMinutes(5);
    private static final Duration STOPPED_MAX = Duration.ofSeconds(30);

    private final Path root;
    private final Path data;
    private final List<String> options;
    private final String driver = "cairn-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet();
    private Process process;

    private VolumeDaemon(Path root, Path data, List<String> options) {
        this.root = root;
        this.data = data;
        this.options = List.copyOf(options);
        process = launch(Map.of());
    }

    /** Starts a daemon whose pool lies below {@code data}; everything else of it lies below {@code root}. */
    static VolumeDaemon start(Path root, Path data, String... options) {
        try {
            Files.createDirectories(root);
            Files.createDirectories(PLUGINS);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        var daemon = new VolumeDaemon(root, data, List.of(options));
        daemon.awaitAnswer();
        return daemon;
    }

    static VolumeDaemon start(Path root) {
        return start(root, root.resolve("data"));
    }

    private Process launch(Map<String, String> properties) {
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of("start", "--roles", "volumes", "--data", data.toString()));
        command.addAll(List.of("--docker-socket", socket().toString(), "--control", control()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        var words = new ArrayList<String>();
        properties.forEach((name, value) -> words.add("-D" + name + "=" + value));
        builder.environment().put("CAIRN_JAVA_OPTS", String.join(" ", words));
        builder.environment().put("JDK_JAVA_OPTIONS", String.join(" ", words));
        try {
            Process started = builder.start();
            started.getOutputStream().close();
            return started;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static List<String> program() {
        if (System.getProperty("cairn.classpath") == null) {
            return List.of(ROOT.resolve("cairn").toString());
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.cairn.cli.Cairn");
    }

    private void awaitAnswer() {
        Waiting.until("the driver answers: " + said(), ANSWERS_MAX, () -> answers() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("the daemon ended: " + said());
        }
    }

    private boolean answers() {
        try (UnixCalls calls = new UnixCalls(socket())) {
            return calls.post("/Plugin.Activate", new byte[0]).status() == 200;
        } catch (IOException absent) {
            return false;
        }
    }

    /** What containers call it: the name of the driver. */
    String driver() {
        return driver;
    }

    private Path socket() {
        return PLUGINS.resolve(driver + ".sock");
    }

    /** The control socket. */
    String control() {
        return root.resolve("cairn.sock").toString();
    }

    /** The directory of the pool. */
    Path pool() {
        return data.resolve("volumes");
    }

    private Path log() {
        return root.resolve("cairn.log");
    }

    /** What the daemon wrote. */
    String said() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "";
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** A new connection such as Docker makes. */
    PluginClient connect() {
        try {
            return new PluginClient(socket());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Runs {@code cairn volume …} against this daemon to success and gives what it printed. */
    String volume(String... arguments) {
        Shell.Ended ended = volumeEnds(arguments);
        assertEquals(0, ended.status(), () -> "cairn volume " + List.of(arguments) + ": " + ended.output());
        return ended.output();
    }

    Shell.Ended volumeEnds(String... arguments) {
        List<String> command = new ArrayList<>(program());
        command.add("volume");
        command.addAll(List.of(arguments));
        command.addAll(List.of("--control", control()));
        return Shell.end(Duration.ofMinutes(3), Map.of(), command);
    }

    /** Compares everything now, as it does by itself twice a minute. */
    void reconcile() {
        try (UnixCalls calls = new UnixCalls(Path.of(control()))) {
            UnixCalls.Answer answer = calls.post("/v1/reconcile", new byte[0]);
            assertEquals(200, answer.status(), answer::text);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Bytes of memory that the process holds now. */
    long residentBytes() {
        return Long.parseLong(Shell.run("grep", "VmRSS", "/proc/" + process.pid() + "/status")
                        .replaceAll("\\D", ""))
                << 10;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits until it ends by itself, and gives its status. */
    int awaitEnd() {
        try {
            if (!process.waitFor(STOPPED_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the daemon did not end: " + said());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** SIGTERM, as the system does it; gives the exit status. */
    int stop() {
        process.destroy();
        return awaitEnd();
    }

    /** A new process on the same data, after this one ended; with system properties, for tests that need a fault. */
    void startAgain(Map<String, String> properties) {
        process = launch(properties);
        awaitAnswer();
    }

    void startAgain() {
        startAgain(Map.of());
    }

    /**
     * Ends it, forgets that anything was used, and frees the machine of it: for tests that already failed, or are done.
     */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                int _ = stop();
            }
            Leftovers.await(root, Set.of());
        } finally {
            Leftovers.free(root);
            process.destroyForcibly();
            try {
                Files.deleteIfExists(socket());
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }
    }
}

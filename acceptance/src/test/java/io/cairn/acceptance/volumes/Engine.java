package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A real Docker Engine of the test's own: its own data, state, socket and process, no network, and the image
 * {@link #IMAGE} of busybox. It shares nothing with another Engine on the machine but the directory in which every
 * Engine looks for plugins, so drivers need unique names. Closing removes its containers, ends it by its process id and
 * fails when anything of it is left. Used by one thread.
 */
public final class Engine implements AutoCloseable {
    public static final String IMAGE = "cairn-test:1";

    // Debian's programs: another docker may come first on the path.
    private static final String DAEMON = "/usr/sbin/dockerd";
    private static final String CLIENT = "/usr/bin/docker";
    private static final String CONTAINERS = "/usr/bin/containerd";
    private static final Path ROOT =
            Path.of(System.getProperty("cairn.root", "..")).toAbsolutePath().normalize();
    private static final Duration STARTED_MAX = Duration.ofSeconds(60);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(45);
    private static final Duration STOPPED_MAX = Duration.ofSeconds(60);
    // Longer than the longest that the Engine itself waits for a plugin.
    private static final Duration COMMAND_MAX = Duration.ofSeconds(180);

    private final Path root;
    private final List<String> options;
    private final Set<String> containers = new TreeSet<>();
    private final Process containerd;
    private Process process;

    private Engine(Path root, List<String> options) throws IOException {
        this.root = root;
        this.options = List.copyOf(options);
        // A service of its own, as on any Debian system: it lives on when the Engine dies.
        containerd = launch(List.of(
                CONTAINERS,
                "--config=" + Files.createFile(root.resolve("containerd.toml")),
                "--root=" + root.resolve("containerd"),
                "--state=" + root.resolve("state"),
                "--address=" + root.resolve("containerd.sock"),
                "--log-level=warn"));
        process = launchDaemon();
    }

    /** Starts an Engine with everything it owns in the directory; a test on a machine that cannot is skipped. */
    public static Engine start(Path root, String... options) {
        for (String program : List.of(DAEMON, CLIENT, CONTAINERS, "/usr/bin/busybox")) {
            assumeTrue(
                    Files.isExecutable(Path.of(program)),
                    program + " is not installed; scripts/install-test-tools installs it");
        }
        assumeTrue(Shell.canMount(), "Docker Engine and loop devices need root");
        try {
            Files.createDirectories(root);
            Files.writeString(root.resolve("daemon.json"), "{}");
            Engine engine = new Engine(root, List.of(options));
            engine.awaitAnswer();
            Path image = root.resolve("image.tar");
            String _ = Shell.run(ROOT.resolve("scripts/test-image").toString(), image.toString());
            String _ = engine.run("import", image.toString(), IMAGE);
            return engine;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private Process launchDaemon() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                DAEMON,
                "--config-file=" + root.resolve("daemon.json"),
                "--data-root=" + root.resolve("data"),
                "--exec-root=" + root.resolve("exec"),
                "--pidfile=" + root.resolve("pid"),
                "--containerd=" + root.resolve("containerd.sock"),
                "--host=" + address(root),
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--ip-masq=false",
                "--bridge=none",
                "--log-level=warn"));
        command.addAll(options);
        return launch(command);
    }

    private Process launch(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(root).toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        Process started = builder.start();
        started.getOutputStream().close();
        return started;
    }

    /** Where it listens. */
    public Path socket() {
        return root.resolve("docker.sock");
    }

    private static String address(Path root) {
        return "unix://" + root.resolve("docker.sock");
    }

    private static Path log(Path root) {
        return root.resolve("dockerd.log");
    }

    private void awaitAnswer() {
        try {
            Waiting.until(
                    "Docker Engine answers", STARTED_MAX, () -> end("version").status() == 0);
        } catch (AssertionError silent) {
            throw new AssertionError("Docker Engine did not start: " + said(), silent);
        }
    }

    /** Runs a command of the Docker client to success and gives what it printed. */
    public String run(String... arguments) {
        Shell.Ended ended = end(arguments);
        assertEquals(0, ended.status(), () -> "docker " + List.of(arguments) + ": " + ended.output());
        return ended.output();
    }

    /** Runs it to failure and gives what it printed. */
    String fail(String... arguments) {
        Shell.Ended ended = end(arguments);
        assertNotEquals(0, ended.status(), () -> "docker " + List.of(arguments) + ": " + ended.output());
        return ended.output();
    }

    Shell.Ended end(String... arguments) {
        return end(COMMAND_MAX, arguments);
    }

    private Shell.Ended end(Duration within, String... arguments) {
        List<String> command = new ArrayList<>(List.of(CLIENT, "--host", address(root)));
        command.addAll(List.of(arguments));
        return Shell.end(
                COMMAND_MAX, Map.of("DOCKER_CONFIG", root.resolve("client").toString()), command);
    }

    /**
     * Runs a shell script in a new container and gives what it printed. The options come before it, volumes for
     * example. The programs of this machine are there too, below {@code /usr}.
     */
    String contained(List<String> options, String script) {
        return run(containerCommand(List.of("run", "--rm"), options, script));
    }

    /** The same in a container that is to fail. */
    String containedFails(List<String> options, String script) {
        return fail(containerCommand(List.of("run", "--rm"), options, script));
    }

    /** Starts a container that stays, and gives its full id. */
    String detached(List<String> options, String script) {
        String id = run(containerCommand(List.of("run", "--detach"), options, script))
                .strip();
        containers.add(id);
        return id;
    }

    private static String[] containerCommand(List<String> verb, List<String> options, String script) {
        List<String> command = new ArrayList<>(verb);
        command.addAll(List.of("--network", "none", "-v", "/usr:/usr:ro"));
        command.addAll(options);
        command.addAll(List.of(IMAGE, "/bin/sh", "-c", script));
        return command.toArray(String[]::new);
    }

    /** Removes all containers, and all volumes of the driver, where the Engine runs at all. */
    void forget(String driver) {
        if (process.isAlive()) {
            for (String id : run("ps", "--all", "--quiet", "--no-trunc").lines().toList()) {
                containers.add(id);
                var _ = end("rm", "--force", id);
            }
            for (String name : run("volume", "ls", "--quiet", "--filter", "driver=" + driver)
                    .lines()
                    .toList()) {
                var _ = end("volume", "rm", name);
            }
        }
    }

    /** SIGKILL to the Engine alone; its containers and their shims stay as they are after a crash. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(process);
    }

    /** SIGTERM, as the system does it. */
    void stop() {
        process.destroy();
        awaitEnd(process);
    }

    /** Starts it again on the same data, after {@link #kill} or {@link #stop}. */
    void startAgain() {
        try {
            process = launchDaemon();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        awaitAnswer();
    }

    private void awaitEnd(Process process) {
        try {
            if (!process.waitFor(STOPPED_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("Docker Engine did not stop: " + said());
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** What the Engine wrote to its log. */
    String said() {
        try {
            return Files.readString(log(root));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    @Override
    public void close() {
        try {
            if (!process.isAlive()) {
                startAgain();
            }
            List<String> ids =
                    run("ps", "--all", "--quiet", "--no-trunc").lines().toList();
            containers.addAll(ids);
            for (String id : ids) {
                String _ = run("rm", "--force", id);
            }
            stop();
            containerd.destroy();
            awaitEnd(containerd);
            // The Engine mounts its data on itself and forgets that when it is killed, and keeps this machine's network
            // mounted once a container has used it.
            List<String> own = List.of(
                    root.resolve("data").toString(),
                    root.resolve("exec/netns/default").toString());
            for (String mount :
                    Leftovers.mounts(root).stream().filter(own::contains).toList()) {
                String _ = Shell.run("umount", mount);
            }
            Leftovers.await(root, containers);
        } finally {
            process.destroyForcibly();
            containerd.destroyForcibly();
            Leftovers.clear(root);
        }
    }
}

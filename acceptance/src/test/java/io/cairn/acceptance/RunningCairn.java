package io.cairn.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon in a process of its own, started as a user starts it ({@code ./cairn start}, so with the flags of
 * production), on free loopback ports, with data directories of its own. Started means that it said where it listens
 * and that {@code /health/ready} answers 200. Closing kills it. Thread-safe.
 */
public final class RunningCairn implements AutoCloseable {
    // The first start builds the program.
    private static final Duration START_MAX = Duration.ofMinutes(5);
    private static final Duration READY_MAX = Duration.ofSeconds(60);

    private final Setup setup;
    private final Process process;
    private final DaemonGreeting greeting;
    private final URI s3;
    private final URI admin;

    private RunningCairn(Setup setup, Process process, DaemonGreeting greeting, DaemonGreeting.Addresses addresses) {
        this.setup = setup;
        this.process = process;
        this.greeting = greeting;
        this.s3 = addresses.s3();
        this.admin = addresses.admin();
    }

    /** How a command ended, with everything that it said. */
    public record Ended(int status, String output) {}

    /** How a daemon is started; each method returns a changed copy. */
    public record Setup(List<Path> data, List<String> options, Map<String, String> environment) {
        public Setup {
            data = List.copyOf(data);
            options = List.copyOf(options);
            environment = Map.copyOf(environment);
        }

        /** With more options for {@code cairn start}. */
        public Setup with(String... more) {
            var all = new ArrayList<>(options);
            all.addAll(List.of(more));
            return new Setup(data, all, environment);
        }

        /** With an environment variable. */
        public Setup environment(String name, String value) {
            var all = new LinkedHashMap<>(environment);
            all.put(name, value);
            return new Setup(data, options, all);
        }

        /** With the root key in the environment, instead of a generated one. */
        public Setup rootKey(String accessKey, String secretKey) {
            return environment("CAIRN_ROOT_ACCESS_KEY", accessKey).environment("CAIRN_ROOT_SECRET_KEY", secretKey);
        }

        /** Starts the daemon and waits until it is ready. */
        public RunningCairn start() {
            return RunningCairn.start(this);
        }

        /** Starts a daemon that is expected to end by itself. */
        public Ended startRefused() {
            return command(environment, arguments());
        }

        private List<String> arguments() {
            var arguments = new ArrayList<>(List.of("start"));
            data.forEach(directory -> arguments.addAll(List.of("--data", directory.toString())));
            if (!options.contains("--listen")) {
                arguments.addAll(List.of("--listen", "127.0.0.1:0"));
            }
            // The volumes of this host are not a store's business, whoever runs its tests.
            if (!options.contains("--roles")) {
                arguments.addAll(List.of("--roles", "store"));
            }
            arguments.addAll(options);
            return arguments;
        }
    }

    /** A store of the given drives; a directory that does not exist is made by the daemon. */
    public static Setup on(Path... data) {
        return new Setup(List.of(data), List.of(), Map.of());
    }

    /** Runs another command of the program to its end. */
    public static Ended command(Map<String, String> environment, List<String> arguments) {
        try {
            Process process = launch(environment, arguments);
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process));
            if (!process.waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("cairn " + arguments + " did not end: " + output.join());
            }
            return new Ended(process.exitValue(), output.join());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static String readAll(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static Process launch(Map<String, String> environment, List<String> arguments) throws IOException {
        var line = new ArrayList<>(CairnProgram.command());
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_") || name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static RunningCairn start(Setup setup) {
        Process process = null;
        boolean started = false;
        try {
            process = launch(setup.environment(), setup.arguments());
            DaemonGreeting greeting = DaemonGreeting.of(process);
            var addresses = greeting.addresses()
                    .exceptionallyCompose(
                            ended -> CompletableFuture.failedFuture(new IOException(greeting.output(), ended)))
                    .get(START_MAX.toSeconds(), TimeUnit.SECONDS);
            var running = new RunningCairn(setup, process, greeting, addresses);
            running.awaitReady();
            started = true;
            return running;
        } catch (IOException | ExecutionException | TimeoutException fault) {
            throw new AssertionError("the daemon did not start: " + fault.getMessage(), fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            if (!started && process != null) {
                process.destroyForcibly();
            }
        }
    }

    private void awaitReady() throws IOException {
        if (admin.getScheme().equals("https")) {
            // Nobody here trusts its certificate; the tests of TLS ask with a client that does.
            return;
        }
        long end = System.nanoTime() + READY_MAX.toNanos();
        while (!ready()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IOException("not ready within " + READY_MAX);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private boolean ready() throws IOException {
        var connection =
                (HttpURLConnection) admin.resolve("/health/ready").toURL().openConnection();
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(5_000);
        return connection.getResponseCode() == 200;
    }

    /** The address of the S3 listener. */
    public URI s3() {
        return s3;
    }

    /** The address of the admin listener. */
    public URI admin() {
        return admin;
    }

    /** The first data directory. */
    public Path data() {
        return setup.data().getFirst();
    }

    public String accessKey() {
        return Optional.ofNullable(setup.environment().get("CAIRN_ROOT_ACCESS_KEY"))
                .orElseGet(() -> credential("access_key"));
    }

    public String secretKey() {
        return Optional.ofNullable(setup.environment().get("CAIRN_ROOT_SECRET_KEY"))
                .orElseGet(() -> credential("secret_key"));
    }

    private String credential(String name) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(data().resolve("root-credentials"))));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return properties.getProperty(name);
    }

    /** Everything that the daemon has said until now. */
    public String output() {
        return greeting.output();
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Bytes of memory that the process holds now. */
    public long residentBytes() {
        return status("VmRSS");
    }

    /** The most bytes of memory that the process has held. */
    public long residentBytesMax() {
        return status("VmHWM");
    }

    private long status(String field) {
        try (BufferedReader lines = Files.newBufferedReader(Path.of("/proc/" + process.pid() + "/status"))) {
            String line = lines.lines()
                    .filter(text -> text.startsWith(field + ":"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Runs {@code cairn ARGUMENTS --admin … --data …} against this daemon, as the root key. */
    public Ended cairn(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--admin", admin.toString(), "--data", data().toString()));
        return command(setup.environment(), all);
    }

    /** Asks the daemon to stop (SIGTERM) and waits for its exit status. */
    public int stop(Duration within) {
        // Process.destroy would close the output too, and with it the last words.
        process.toHandle().destroy();
        try {
            assertTrue(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS), () -> "still running: " + output());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return process.exitValue();
    }

    /** Ends the process at once (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "a killed process is still there");
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** A new daemon on the same data with the same options, at other ports; this one has ended. */
    public RunningCairn again() {
        return start(setup);
    }

    @Override
    public void close() {
        kill();
    }
}

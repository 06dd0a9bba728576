package io.cairn.acceptance.crash;

import io.cairn.acceptance.CairnProgram;
import io.cairn.acceptance.DaemonGreeting;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The real daemon as a process of its own that is struck at any moment, before it listens too, and whose log outlives
 * it. Other tests start it by {@link io.cairn.acceptance.RunningCairn}. Thread-safe.
 */
final class Daemon implements AutoCloseable {
    static final String ACCESS_KEY = "CAIRNCRASHTESTS";
    static final String SECRET_KEY = "acknowledged-is-acknowledged-for-ever";

    private static final Duration STARTING_MAX = Duration.ofSeconds(120);
    private static final int LOG_TAIL = 6000;

    private final Process process;
    private final Path log;
    private final DaemonGreeting greeting;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
        greeting = DaemonGreeting.of(process);
    }

    /** Starts the daemon on the directories and does not wait for it. */
    static Daemon launch(Path scratch, List<Path> data) throws IOException {
        List<String> command = new ArrayList<>(CairnProgram.command());
        command.addAll(List.of("start", "--roles", "store", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
        data.forEach(directory -> command.addAll(List.of("--data", directory.toString())));
        Path log = scratch.resolve("daemon.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment());
        return new Daemon(builder.start(), log);
    }

    private static Map<String, String> environment() {
        return Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "MALLOC_ARENA_MAX",
                "2",
                "CAIRN_ROOT_ACCESS_KEY",
                ACCESS_KEY,
                "CAIRN_ROOT_SECRET_KEY",
                SECRET_KEY);
    }

    /** Waits until the daemon listens. A daemon that does not come up is a failure of its own kind. */
    S3Client listening() throws IOException, InterruptedException {
        try {
            URI address = greeting.addresses()
                    .get(STARTING_MAX.toSeconds(), TimeUnit.SECONDS)
                    .s3();
            return new S3Client(address, ACCESS_KEY, SECRET_KEY);
        } catch (ExecutionException | TimeoutException failed) {
            kill();
            throw new NoStartException("the daemon did not start: " + failed.getMessage() + "\n" + logTail(), failed);
        }
    }

    /** The daemon's own report of its health, without white space. */
    String health() throws IOException {
        URLConnection connection =
                greeting.addresses().join().admin().resolve("/health").toURL().openConnection();
        String pair = ACCESS_KEY + ":" + SECRET_KEY;
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        try (InputStream report = connection.getInputStream()) {
            return new String(report.readAllBytes(), StandardCharsets.UTF_8).replace(" ", "");
        }
    }

    /** The daemon refused to serve, or hung. */
    static final class NoStartException extends IOException {
        private static final long serialVersionUID = 1;

        NoStartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL, without waiting for the end. */
    void strike() {
        process.destroyForcibly();
    }

    /** SIGKILL. Nothing of the process runs any more afterwards. */
    void kill() throws InterruptedException {
        strike();
        process.waitFor();
    }

    /** SIGTERM, as an operator does it. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            kill();
            return -1;
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    String logTail() throws IOException {
        File file = log.toFile();
        if (!file.exists()) {
            return "";
        }
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - LOG_TAIL));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

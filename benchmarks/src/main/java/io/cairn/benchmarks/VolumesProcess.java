package io.cairn.benchmarks;

import io.cairn.testkit.UnixCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The daemon in the role of volumes alone, as a process of its own, driven over its plugin socket as Docker does it.
 * Closing ends it and waits. For one thread.
 */
final class VolumesProcess implements AutoCloseable {
    private static final long START_SECONDS_MAX = 60;

    private final Path program;
    private final Path control;
    private final Path socket;
    private final Process process;

    private VolumesProcess(Path program, Path directory, Path socket, Path data) throws IOException {
        this.program = program;
        this.socket = socket;
        control = directory.resolve("control.sock");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                program.toString(),
                "start",
                "--roles",
                "volumes",
                "--data",
                data.toString(),
                "--docker-socket",
                socket.toString(),
                "--control",
                control.toString()));
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("daemon.log").toFile());
        process = builder.start();
    }

    /** Starts the daemon with its pool below {@code data}; returns when it answers. */
    static VolumesProcess start(Path program, Path directory, Path data) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var started = new VolumesProcess(program, directory, directory.resolve("docker.sock"), data);
        long begin = System.nanoTime();
        while (!started.answers()) {
            if (!started.process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(START_SECONDS_MAX)) {
                started.process.destroy();
                throw new IOException(
                        "the daemon does not answer: " + Files.readString(directory.resolve("daemon.log")));
            }
            Thread.sleep(5);
        }
        return started;
    }

    private boolean answers() {
        try (UnixCalls calls = connect()) {
            return calls.post("/Plugin.Activate", new byte[0]).status() == 200;
        } catch (IOException absent) {
            return false;
        }
    }

    /** A connection such as Docker makes. */
    UnixCalls connect() throws IOException {
        return new UnixCalls(socket);
    }

    /** Asks the driver, and fails when it says that something went wrong. */
    static String ask(UnixCalls calls, String verb, String json) throws IOException {
        UnixCalls.Answer answer = calls.post("/VolumeDriver." + verb, json.getBytes(StandardCharsets.UTF_8));
        if (answer.status() != 200 || !answer.text().contains("\"Err\":\"\"")) {
            throw new IOException(verb + " " + json + ": " + answer);
        }
        return answer.text();
    }

    /** Runs {@code cairn volume …} and gives what it printed. */
    String volume(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(program.toString(), "volume"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--control", control.toString()));
        return Commands.run(command);
    }

    ProcessFigures figures() {
        return new ProcessFigures(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

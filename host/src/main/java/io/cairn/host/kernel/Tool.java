package io.cairn.host.kernel;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An external program that is run with a list of arguments: no shell, no inherited environment, messages in English, a
 * bounded time and a bounded output. Secrets go in on standard input. Safe for many threads.
 */
public final class Tool {
    private static final List<String> DIRECTORIES =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");
    private static final int OUTPUT_BYTES_MAX = 64 << 10;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final byte[] NOTHING = {};

    private final String name;
    private final String debianPackage;

    /** {@code debianPackage} is what has it, for the message when it is missing. */
    public Tool(String name, String debianPackage) {
        this.name = name;
        this.debianPackage = debianPackage;
    }

    /** What a program said (both of its streams, its first 64 KiB), and the status it ended with. */
    public record Finished(int status, String output) {
        /** The last line that says something, for a message. */
        public String lastLine() {
            return output.lines()
                    .filter(line -> !line.isBlank())
                    .reduce("no output", (_, later) -> later)
                    .strip();
        }
    }

    public String name() {
        return name;
    }

    /** Where it is installed. */
    public Optional<Path> find() {
        return DIRECTORIES.stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs it and waits for its end. The status is the caller's to judge. */
    public Finished run(Duration bound, String... arguments) {
        return run(bound, NOTHING, arguments);
    }

    /**
     * Runs it with {@code input} on its standard input.
     *
     * @throws HostFault when it is not installed, cannot be started, or has not ended within its bound: it is killed
     *     then, and what it had done so far is done
     */
    public Finished run(Duration bound, byte[] input, String... arguments) {
        Path program = find().orElseThrow(() -> new HostFault(
                name + " is not installed; on Debian it is in the package " + debianPackage, Errno.ENOENT));
        Process process = start(program, arguments, input.length > 0);
        try {
            var output = new Output(process.getInputStream());
            Thread reader = Thread.ofVirtual().start(output);
            feed(process, input);
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HostFault(
                        name + " has not ended within " + bound.toSeconds() + " s and was killed", Errno.NONE);
            }
            // What it has started in turn may keep the stream open: its own words are there by now.
            boolean _ = reader.join(LAST_WORDS);
            return new Finished(process.exitValue(), output.text());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HostFault(name + " was killed, because who waited for it was interrupted", Errno.EINTR);
        } finally {
            Process _ = process.destroyForcibly();
        }
    }

    private Process start(Path program, String[] arguments, boolean withInput) {
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(new File("/"));
        if (!withInput) {
            builder.redirectInput(new File("/dev/null"));
        }
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("PATH", String.join(":", DIRECTORIES));
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new HostFault(name + " could not be started: " + failure.getMessage(), Errno.NONE, failure);
        }
    }

    /** A program that ends without reading its input is judged by its status. */
    private static void feed(Process process, byte[] input) {
        if (input.length == 0) {
            return;
        }
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException _) {
            // See above: the status tells.
        }
    }

    /** Reads all that a program says and keeps the beginning; written by one thread, read by another. */
    private static final class Output implements Runnable {
        private final InputStream stream;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Output(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[4096];
            try (stream) {
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    keep(buffer, count);
                }
            } catch (IOException _) {
                // The program was killed: its last words are lost.
            }
        }

        private synchronized void keep(byte[] buffer, int count) {
            kept.write(buffer, 0, Math.min(count, OUTPUT_BYTES_MAX - kept.size()));
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

    /** The programs whose names are given that are not installed. */
    public static List<String> missing(Tool... tools) {
        return Stream.of(tools)
                .filter(tool -> tool.find().isEmpty())
                .map(Tool::name)
                .toList();
    }
}

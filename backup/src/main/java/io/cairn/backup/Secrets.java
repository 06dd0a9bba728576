package io.cairn.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where the secrets of one source come from: a file ({@code password-file}), a variable of the environment
 * ({@code password-env}) or a command ({@code password-command}), of which the first line counts. They are read when
 * they are asked for, not before. Safe for use by many threads.
 */
public final class Secrets {
    private static final int COMMAND_SECONDS = 60;
    private static final int BYTES_MAX = 1 << 16;

    private final Map<String, String> options;
    private final Map<String, String> environment;

    public Secrets(Map<String, String> options, Map<String, String> environment) {
        this.options = Map.copyOf(options);
        this.environment = Map.copyOf(environment);
    }

    /** The secret of that name, such as {@code password}; empty when nothing says where it is. */
    public Optional<Secret> find(String name) {
        String file = options.get(name + "-file");
        String variable = options.get(name + "-env");
        String command = options.get(name + "-command");
        if ((file == null ? 0 : 1) + (variable == null ? 0 : 1) + (command == null ? 0 : 1) > 1) {
            throw new SourceFault.Refused(
                    "the " + name + " comes from one of " + name + "-file, -env and -command, not from several");
        }
        if (file != null) {
            return Optional.of(fromFile(Path.of(file)));
        }
        if (command != null) {
            return Optional.of(fromCommand(command));
        }
        return variable == null
                ? Optional.empty()
                : Optional.of(variable(variable)
                        .orElseThrow(() -> new SourceFault.Refused(
                                "there is no variable " + variable + " in the environment, or it is empty")));
    }

    /** The secret {@code password} as text. */
    public Optional<String> password() {
        return find("password").map(Secret::text);
    }

    /** What a variable of the environment has, when it is set and not empty. */
    public Optional<Secret> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(value -> new Secret(value.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** True for an option of an address that only says where a secret is, of whatever kind of source. */
    public static boolean isPlace(String option) {
        return option.endsWith("-file") || option.endsWith("-env") || option.endsWith("-command");
    }

    /** The first line of a file. */
    public static Secret fromFile(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > BYTES_MAX) {
                throw new SourceFault.Refused("the file " + file + " is too large for a password");
            }
            return firstLine(Files.readAllBytes(file), file.toString());
        } catch (IOException unreadable) {
            throw new SourceFault.Refused("cannot read the password file " + file + " ("
                    + unreadable.getClass().getSimpleName() + "); give a file that this user can read");
        }
    }

    /** The first line that a command of the shell prints. */
    public static Secret fromCommand(String command) {
        try {
            Process process = new ProcessBuilder(List.of("sh", "-c", command))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            Thread watch = Thread.ofVirtual().start(() -> killLate(process));
            byte[] output = process.getInputStream().readNBytes(BYTES_MAX);
            watch.join();
            if (process.exitValue() != 0) {
                throw new SourceFault.Refused("the password command failed: it ended with status " + process.exitValue()
                        + ", or took longer than " + COMMAND_SECONDS + " s");
            }
            return firstLine(output, "the output of the password command");
        } catch (IOException failed) {
            throw new SourceFault.Refused("the password command cannot be run: there is no shell, or no output");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SourceFault.Unreachable("interrupted while waiting for the password command", interrupted);
        }
    }

    private static void killLate(Process process) {
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Secret firstLine(byte[] bytes, String where) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        if (end == 0) {
            throw new SourceFault.Refused("there is no password in " + where + ": its first line is empty");
        }
        byte[] line = Arrays.copyOf(bytes, end);
        Arrays.fill(bytes, (byte) 0);
        return new Secret(line);
    }
}

package io.cairn.backup.dump;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Programs of this machine. Their password goes through their environment, which only their own user reads; settings of
 * ours ({@code PG…}) do not reach them. One thread.
 */
final class LocalPrograms implements Programs {
    /** Debian and Ubuntu; Red Hat's are {@code /usr/pgsql-15/bin}. */
    private static final List<String> PLACES = List.of("/usr/lib/postgresql", "/usr");

    private static final int ERRORS_BYTES_MAX = 16 << 10;

    private final int version;
    private final Path directory;
    private final List<String> server;
    private final Map<String, String> environment;

    LocalPrograms(Map.Entry<Integer, Path> installed, List<String> server, Map<String, String> environment) {
        this.version = installed.getKey();
        this.directory = installed.getValue();
        this.server = List.copyOf(server);
        this.environment = Map.copyOf(environment);
    }

    /** Directories with a {@code pg_dump}, by its version. */
    static TreeMap<Integer, Path> installed() {
        TreeMap<Integer, Path> found = new TreeMap<>();
        for (String place : PLACES) {
            try (Stream<Path> versions = Files.list(Path.of(place))) {
                for (Path version : versions.sorted(Comparator.naturalOrder()).toList()) {
                    String number = version.getFileName().toString().replaceFirst("^pgsql-", "");
                    if (number.matches("\\d{1,3}") && Files.isExecutable(version.resolve("bin/pg_dump"))) {
                        found.put(Integer.valueOf(number), version.resolve("bin"));
                    }
                }
            } catch (IOException _) {
                // There is no such directory here.
            }
        }
        return found;
    }

    /** The programs of the server's own version, or the next newer ones. */
    static Optional<Map.Entry<Integer, Path>> fitting(TreeMap<Integer, Path> installed, int serverVersion) {
        return Optional.ofNullable(installed.ceilingEntry(serverVersion));
    }

    @Override
    public Program start(String name, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(directory.resolve(name).toString());
        command.addAll(server);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new Running(process);
        } catch (IOException failed) {
            throw new SourceFault.Refused(directory.resolve(name) + " cannot be started (" + failed.getMessage() + ")");
        }
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public String place() {
        return directory.toString();
    }

    /** Keeps the end of a stream, so that its writer never waits. */
    static CompletableFuture<String> tail(InputStream in) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var kept = new StringBuilder();
                    byte[] buffer = new byte[4096];
                    try {
                        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                            kept.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                            kept.delete(0, Math.max(0, kept.length() - ERRORS_BYTES_MAX));
                        }
                    } catch (IOException _) {
                        // It was killed; what it said before is kept.
                    }
                    return kept.toString().strip();
                },
                Thread::startVirtualThread);
    }

    private static final class Running implements Program {
        private final Process process;
        private final CompletableFuture<String> errors;

        Running(Process process) {
            this.process = process;
            this.errors = tail(process.getErrorStream());
        }

        @Override
        public InputStream out() {
            return process.getInputStream();
        }

        @Override
        public String errors() {
            return errors.join();
        }

        @Override
        public int status() {
            try {
                return process.waitFor();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
                throw new SourceFault.Unreachable("the dump was interrupted; run it again", interrupted);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}

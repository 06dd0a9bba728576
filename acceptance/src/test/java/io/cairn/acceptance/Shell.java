package io.cairn.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs of the system. Thread-safe. */
public final class Shell {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private static final int REMOVALS_MAX = 20;

    private Shell() {}

    /** How a program ended, with everything that it said. */
    public record Ended(int status, String output) {}

    /** Runs the program and fails when it does. */
    public static String run(String... command) {
        Ended ended = end(WITHIN, Map.of(), List.of(command));
        if (ended.status() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + ended.output());
        }
        return ended.output();
    }

    /** Removes a tree, also one in which a daemon makes files meanwhile: rm meets those as a directory not empty. */
    public static void removeTree(Path tree) {
        for (int attempt = 0; ; attempt++) {
            Ended ended = end(WITHIN, Map.of(), List.of("rm", "-rf", tree.toString()));
            if (ended.status() == 0) {
                return;
            }
            if (attempt == REMOVALS_MAX) {
                throw new IllegalStateException("rm -rf " + tree + ": " + ended.output());
            }
        }
    }

    /**
     * Runs the program to its end, with more variables than ours; one that does not end in time is killed, and fails.
     */
    public static Ended end(Duration within, Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> readAll(process), Thread::startVirtualThread);
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        String.join(" ", command) + ": not ended within " + within + ": " + output.join());
            }
            return new Ended(process.exitValue(), output.join());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
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

    /** Whether the commands exist and we may mount. */
    public static boolean canMount() {
        try {
            return run("id", "-u").strip().equals("0")
                    && !run("sh", "-c", "command -v mkfs.ext4 mkfs.xfs losetup xfs_growfs")
                            .isBlank()
                    && !run("losetup", "--find").isBlank();
        } catch (IllegalStateException | UncheckedIOException absent) {
            return false;
        }
    }
}

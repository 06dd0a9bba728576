package io.cairn.acceptance.drives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs programs of the system. Thread-safe. */
final class Shell {
    private Shell() {}

    /** Runs the program and fails when it does. */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Whether the commands exist and we may mount. */
    static boolean canMount() {
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

package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A machine of our own with a whole kernel, under software emulation: runs the jobs of {@code scripts/vm/jobs} with the
 * distribution of Cairn in it. What it prints comes back; only its disks remember anything. Used by one thread.
 */
final class VirtualMachine {
    private static final Path SCRIPTS = Path.of(System.getProperty("cairn.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("scripts/vm");
    /** The first run makes the machine and the distribution. */
    private static final Duration MADE_MAX = Duration.ofMinutes(6);

    private static final int CANNOT_RUN = 75;

    private final List<String> options = new ArrayList<>(List.of("--cairn"));

    /** Gives it one more disk, which is made as an empty file of that size. */
    VirtualMachine disk(Path file, long bytes) {
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(bytes);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        options.addAll(List.of("--disk", file.toString()));
        return this;
    }

    VirtualMachine memory(int mebibytes) {
        options.addAll(List.of("--memory", String.valueOf(mebibytes)));
        return this;
    }

    /** Ends the machine by SIGKILL as soon as it prints that line. */
    VirtualMachine killedAt(String line) {
        options.addAll(List.of("--kill-at", line));
        return this;
    }

    /** Runs a job; a test on a machine that cannot is skipped, with what it lacks as the reason. */
    Shell.Ended run(Duration within, String job, String... arguments) {
        Shell.Ended lacking = Shell.end(
                Duration.ofSeconds(10),
                Map.of(),
                List.of(SCRIPTS.resolve("build").toString(), "--missing"));
        assumeTrue(lacking.status() == 0, lacking.output());
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve("run").toString()));
        command.addAll(options);
        command.addAll(List.of("--within", String.valueOf(within.toSeconds())));
        command.add(SCRIPTS.resolve("jobs").resolve(job).toString());
        command.addAll(List.of(arguments));
        Shell.Ended ended = Shell.end(within.plus(MADE_MAX), Map.of(), command);
        System.out.println(ended.output());
        assumeTrue(ended.status() != CANNOT_RUN, ended.output());
        return ended;
    }
}

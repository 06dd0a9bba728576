package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What a test left behind on the machine: loop devices, mounts, processes and control groups that belong to its
 * directory. Others' are not looked at, so tests may run beside anything. Stateless.
 */
final class Leftovers {
    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private Leftovers() {}

    /** Fails when something is left that does not go away by itself within seconds. */
    static void await(Path root, Set<String> containers) {
        long end = System.nanoTime() + SETTLED.toNanos();
        List<String> left = of(root, containers);
        while (!left.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            left = of(root, containers);
        }
        assertEquals(List.of(), left, "left behind below " + root);
    }

    /** Everything that belongs to the directory or to one of the containers, one line each. */
    static List<String> of(Path root, Set<String> containers) {
        var left = new ArrayList<>(loops(root));
        left.addAll(mounts(root).stream().map(mount -> "mount " + mount).toList());
        left.addAll(processes(root)
                .map(process -> "process " + process.pid() + " " + command(process))
                .toList());
        left.addAll(cgroups(containers));
        return left;
    }

    /** Loop devices whose image lies, or lay, below the directory. A device that waits for its last user counts. */
    static List<String> loops(Path root) {
        var loops = new ArrayList<String>();
        for (Path device : children(Path.of("/sys/block"), "loop*")) {
            try {
                Path backing = device.resolve("loop/backing_file");
                if (Files.exists(backing)) {
                    String image = Files.readString(backing).strip();
                    if (image.startsWith(root + "/")) {
                        loops.add("loop /dev/" + device.getFileName() + " " + image);
                    }
                }
            } catch (IOException gone) {
                // Detached between the two looks.
            }
        }
        return loops;
    }

    /** Where something is mounted below the directory, deepest last. */
    static List<String> mounts(Path root) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(line -> line.split(" ")[4])
                    .filter(target -> target.startsWith(root + "/"))
                    .toList();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static Stream<ProcessHandle> processes(Path root) {
        return ProcessHandle.allProcesses().filter(process -> command(process).contains(root + "/"));
    }

    private static String command(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    private static List<String> cgroups(Set<String> containers) {
        var left = new ArrayList<String>();
        for (Path controller : children(CGROUPS, "*")) {
            for (String id : containers) {
                Path group = controller.resolve("docker").resolve(id);
                if (Files.exists(group)) {
                    left.add("control group " + group);
                }
            }
        }
        return left;
    }

    private static List<Path> children(Path directory, String glob) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
            var all = new ArrayList<Path>();
            found.forEach(all::add);
            return all;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Frees the machine of all that belongs to the directory, whatever state a failed test left it in. */
    static void free(Path root) {
        processes(root).forEach(ProcessHandle::destroyForcibly);
        for (String target : mounts(root).reversed()) {
            var _ = Shell.end(SETTLED, Map.of(), List.of("umount", "-l", target));
        }
        for (String loop : loops(root)) {
            var _ = Shell.end(SETTLED, Map.of(), List.of("losetup", "-d", loop.split(" ")[1]));
        }
    }

    /** The same, and deletes the directory. */
    static void clear(Path root) {
        free(root);
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException fault) {
            // The next run uses another directory.
        }
    }
}

package io.cairn.host.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.Loop;
import io.cairn.host.MountEntry;
import io.cairn.host.kernel.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of one test for images and mountpoints. Closing it fails the test when a loop device or a mount of it is
 * left, and takes that away, so that no later test and nobody else trips over it.
 */
final class Scratch implements AutoCloseable {
    private final Path directory;
    private final LinuxLoopDevices loops = new LinuxLoopDevices();
    private final LinuxMountTable mounts = new LinuxMountTable();

    private Scratch(Path directory) {
        this.directory = directory;
    }

    static Scratch make() throws IOException {
        Path directory = Files.createTempDirectory("cairn-host-").toRealPath();
        return new Scratch(directory);
    }

    /** As {@link #make}, for tests that attach and mount. */
    static Scratch forRoot() throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        assumeTrue(root, "needs root: loop devices and mounts");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "needs loop devices: no /dev/loop-control");
        return make();
    }

    static void assumeTools(Tool... tools) {
        List<String> missing = Tool.missing(tools);
        assumeTrue(missing.isEmpty(), "needs programs that are not installed: " + missing);
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** A sparse image of this size. */
    Path image(String name, ByteCount size) {
        new LinuxImageFiles().create(path(name), size, false);
        return path(name);
    }

    /** An attached sparse image of this size, in direct-I/O mode. */
    BlockDevice device(String name, ByteCount size) {
        return loops.attach(image(name, size), true);
    }

    Path mountpoint(String name) throws IOException {
        return Files.createDirectory(path(name));
    }

    @Override
    public void close() throws IOException {
        var leaks = new ArrayList<String>();
        for (MountEntry entry : mounts.entries().reversed()) {
            if (entry.target().startsWith(directory)) {
                leaks.add("mount " + entry.target());
                mounts.unmount(entry.target());
            }
        }
        for (Loop loop : loops.all()) {
            if (loop.backingName().startsWith(directory.toString())) {
                leaks.add("loop device " + loop);
                loops.detach(loop.device());
            }
        }
        delete();
        if (!leaks.isEmpty()) {
            throw new AssertionError("left behind: " + leaks);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static Tool.Finished run(String tool, String... arguments) {
        return new Tool(tool, tool).run(Duration.ofSeconds(60), arguments);
    }
}

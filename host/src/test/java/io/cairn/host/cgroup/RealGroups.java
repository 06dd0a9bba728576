package io.cairn.host.cgroup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Entropy;
import io.cairn.host.BlockDevice;
import io.cairn.host.linux.LinuxImageFiles;
import io.cairn.host.linux.LinuxLoopDevices;
import io.cairn.host.linux.LinuxMountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parent of groups of a test's own in the real hierarchy, a loop device, and processes that are put into groups
 * before they do anything. For one thread.
 */
final class RealGroups implements AutoCloseable {
    private static final Pattern IOPS = Pattern.compile("(?:read|write): IOPS=([0-9.]+)(k?)");

    final LinuxMountTable mounts = new LinuxMountTable();
    final String parent;
    final BlockDevice device;
    private final LinuxLoopDevices loops = new LinuxLoopDevices();
    private final Path root;
    private final Path scratch;
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> groups = new ArrayList<>();

    private RealGroups(Path root) throws IOException {
        this.root = root;
        parent = "cairn-test-" + Long.toHexString(Entropy.secure().nextLong());
        scratch = Files.createTempDirectory("cairn-groups-");
        Path image = scratch.resolve("image");
        // Preallocated, and not in direct mode: the limit is to be measured, not the disk.
        new LinuxImageFiles().create(image, ByteCount.mebibytes(64), true);
        device = loops.attach(image, false);
        make("");
    }

    static RealGroups versionOne() throws IOException {
        Hierarchy hierarchy = hierarchy();
        assumeTrue(
                hierarchy instanceof Hierarchy.VersionOne, "needs version 1 of control groups; here is " + hierarchy);
        return new RealGroups(((Hierarchy.VersionOne) hierarchy).root());
    }

    static RealGroups versionTwo() throws IOException {
        Hierarchy hierarchy = hierarchy();
        assumeTrue(
                hierarchy instanceof Hierarchy.VersionTwo,
                "needs version 2 of control groups with io; here is " + hierarchy);
        return new RealGroups(((Hierarchy.VersionTwo) hierarchy).root());
    }

    private static Hierarchy hierarchy() throws IOException {
        boolean isRoot = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        assumeTrue(isRoot, "needs root: control groups and loop devices");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "needs loop devices: no /dev/loop-control");
        return Hierarchy.among(new LinuxMountTable().entries());
    }

    /** A group below the parent, as a container engine makes one. */
    Path make(String name) throws IOException {
        Path group = root.resolve(parent).resolve(name);
        if (!Files.exists(group)) {
            Files.createDirectory(group);
            groups.add(group);
        }
        return group;
    }

    /** Starts a shell command in the group; it is a member before the command's first step. */
    Process start(Path group, String command) throws IOException {
        Process process = new ProcessBuilder(
                        "/bin/sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && " + command)
                .redirectErrorStream(true)
                .start();
        processes.add(process);
        return process;
    }

    /**
     * A fio that writes or reads 4 KiB at random places of the device, for some seconds. With many operations under way
     * a busy processor does not cost any.
     */
    Process fio(Path group, String direction, int seconds, String... more) throws IOException {
        String command = "exec fio --name=x --filename=%s --rw=%s --bs=4k --direct=1 --ioengine=libaio --iodepth=16"
                + " --time_based --runtime=%d %s";
        return start(group, command.formatted(device.node(), direction, seconds, String.join(" ", more)));
    }

    /** Operations per second that a fio reports when it ends. */
    static double iops(Process fio) throws IOException, InterruptedException {
        String output = new String(fio.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        Matcher found = IOPS.matcher(output);
        if (!fio.waitFor(60, TimeUnit.SECONDS) || !found.find()) {
            throw new AssertionError("no result of fio: " + output);
        }
        return Double.parseDouble(found.group(1)) * (found.group(2).isEmpty() ? 1 : 1000);
    }

    Path scratch() {
        return scratch;
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        }
        for (Path group : List.copyOf(groups).reversed()) {
            remove(group);
        }
        loops.detach(device);
        Files.delete(scratch.resolve("image"));
        Files.delete(scratch);
    }

    /** The kernel may need a moment after the last process of a group has ended. */
    void remove(Path group) throws IOException {
        for (int attempt = 0; Files.exists(group); attempt++) {
            try {
                Files.delete(group);
            } catch (IOException busy) {
                if (attempt == 100) {
                    throw busy;
                }
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        }
        groups.remove(group);
    }
}

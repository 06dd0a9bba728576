package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Errno;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.Limits;
import io.cairn.host.MountEntry;
import io.cairn.host.Support;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A kernel in memory: loop devices, mappings, mounts, limits and other namespaces, which a killed daemon leaves as they
 * are and a power loss takes away. Images are small real files whose text says what a real image would hold. What a
 * volume manager must never do is recorded as a violation. For one thread.
 */
final class SimulatedKernel {
    static final int LOOP_MAJOR = 7;
    static final int MAPPER_MAJOR = 253;

    final TreeMap<Integer, SimulatedLoop> loops = new TreeMap<>();
    final Map<String, SimulatedMapping> mappings = new LinkedHashMap<>();
    final List<MountEntry> mounts = new ArrayList<>();
    final List<Path> frozen = new ArrayList<>();
    final Map<DeviceNumber, Limits> rules = new LinkedHashMap<>();
    final Map<String, DeviceNumber> containers = new LinkedHashMap<>();
    final List<String> violations = new ArrayList<>();
    ByteCount poolSize = ByteCount.gibibytes(100);
    ByteCount poolAvailable = ByteCount.gibibytes(80);
    boolean poolReadOnly;
    boolean reflinks = true;
    boolean growsMountedExt4 = true;
    boolean freezesTooLong;
    Enforcement enforcement = new Enforcement.Total("/simulated");
    Support luks = new Support.Available();
    int daemon;
    private int nextMount = 100;
    private int nextMapping;

    /** A loop device and the size it had when it was told. */
    static final class SimulatedLoop {
        final Path image;
        long size;

        SimulatedLoop(Path image, long size) {
            this.image = image;
            this.size = size;
        }
    }

    /** An open container on a loop device. */
    record SimulatedMapping(DeviceNumber number, int loop) {}

    Host host() {
        return new Host(
                new SimulatedLoops(this),
                new SimulatedMounts(this),
                new SimulatedFilesystems(this),
                new SimulatedImages(this),
                new SimulatedEncryption(this),
                new NoDirectoryEncryption(),
                new SimulatedThrottle(this));
    }

    /** Everything but what is on disk is gone. */
    void losePower() {
        for (MountEntry mount : List.copyOf(mounts)) {
            hideData(mount);
        }
        loops.clear();
        mappings.clear();
        mounts.clear();
        frozen.clear();
        rules.clear();
        containers.clear();
        daemon++;
    }

    /** The daemon is gone, with nothing else. */
    void killDaemon() {
        daemon++;
    }

    int mountId() {
        return nextMount++;
    }

    DeviceNumber mapperNumber() {
        return new DeviceNumber(MAPPER_MAJOR, nextMapping++);
    }

    static HostFault fault(String what, Errno errno) {
        return new HostFault(what, errno);
    }

    /** The loop device under a block device, which may be a mapping. */
    int loopUnder(DeviceNumber device) {
        if (device.major() == LOOP_MAJOR) {
            return device.minor();
        }
        return mappings.values().stream()
                .filter(mapping -> mapping.number().equals(device))
                .findFirst()
                .orElseThrow(() -> fault("no device " + device, Errno.ENXIO))
                .loop();
    }

    DeviceNumber number(Path node) {
        String name = node.getFileName().toString();
        SimulatedMapping mapping = mappings.get(name);
        return mapping != null
                ? mapping.number()
                : new DeviceNumber(LOOP_MAJOR, Integer.parseInt(name.substring("loop".length())));
    }

    SimulatedLoop loop(DeviceNumber device) {
        return Optional.ofNullable(loops.get(loopUnder(device)))
                .orElseThrow(() -> fault("device " + device + " is not attached", Errno.ENXIO));
    }

    /** The container of a path that may be an image or a device on one. */
    Path imageBehind(Path containerOrNode) {
        return containerOrNode.startsWith("/dev") ? loop(number(containerOrNode)).image : containerOrNode;
    }

    boolean inUse(DeviceNumber device) {
        return mounts.stream().anyMatch(mount -> mount.device().equals(device)) || containers.containsValue(device);
    }

    static Map<String, String> read(Path image) {
        try {
            var content = new TreeMap<String, String>();
            for (String line : Files.readAllLines(image)) {
                int equals = line.indexOf('=');
                content.put(line.substring(0, equals), line.substring(equals + 1));
            }
            return content;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void write(Path image, Map<String, String> content) {
        try {
            Files.write(
                    image,
                    content.entrySet().stream()
                            .map(line -> line.getKey() + "=" + line.getValue())
                            .toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void set(Path image, String key, String value) {
        Map<String, String> content = read(image);
        content.put(key, value);
        write(image, content);
    }

    static long size(Path image) {
        return Long.parseLong(read(image).getOrDefault("size", "0"));
    }

    /** What is in a filesystem is seen while it is mounted. */
    void showData(MountEntry mount) {
        if (isLoopMount(mount) && read(loop(mount.device()).image).containsKey("data")) {
            try {
                Files.createDirectories(mount.target().resolve("data"));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    void hideData(MountEntry mount) {
        Path data = mount.target().resolve("data");
        if (isLoopMount(mount) && Files.exists(data)) {
            if (!read(loop(mount.device()).image).containsKey("data")) {
                set(loop(mount.device()).image, "data", "");
            }
            try {
                Files.delete(data);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static boolean isLoopMount(MountEntry mount) {
        return mount.device().major() == LOOP_MAJOR || mount.device().major() == MAPPER_MAJOR;
    }
}

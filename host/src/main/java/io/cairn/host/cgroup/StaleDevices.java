package io.cairn.host.cgroup;

import io.cairn.host.DeviceNumber;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a rule for a device can be anybody's: one for a loop device without a file, or for a device that is not
 * there, was left by somebody who died. Other rules may be those of an engine's own options, which nobody may take
 * away. Stateless.
 */
final class StaleDevices {
    private static final Path DEVICES = Path.of("/sys/dev/block");
    private static final int LOOP_MAJOR = 7;

    private StaleDevices() {}

    static boolean exists(DeviceNumber device) {
        return Files.exists(DEVICES.resolve(device.toString()));
    }

    static boolean isStale(DeviceNumber device) {
        boolean detached = device.major() == LOOP_MAJOR
                && !Files.exists(DEVICES.resolve(device.toString()).resolve("loop/backing_file"));
        return detached || !exists(device);
    }
}

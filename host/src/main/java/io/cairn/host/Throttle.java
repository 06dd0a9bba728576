package io.cairn.host;

import java.util.List;
import java.util.Set;

/**
 * Limits on devices, kept by the kernel in cgroups. Rules outlive the device that they are for: clear them before it is
 * released. Safe for many threads.
 */
public interface Throttle extends AutoCloseable {
    /** A rule as the kernel has it now: in this group, this device is held to these limits. */
    record Rule(String group, DeviceNumber device, Limits limits) {}

    Enforcement support();

    /** Holds the device to these limits, in place of earlier ones; in force when this returns. */
    void apply(DeviceNumber device, Limits limits);

    /** Takes every rule for this device away; none there is no error. */
    void clear(DeviceNumber device);

    /**
     * Takes away the rules that a process left that died: those for devices that are not known, and that are not there
     * or are loop devices without a file. Rules for other devices may be an engine's own.
     */
    void sweep(Set<DeviceNumber> known);

    /** The rules that the kernel has for this device. */
    List<Rule> report(DeviceNumber device);

    /** Ends watching for new containers; the rules that are in force stay. */
    @Override
    void close();
}

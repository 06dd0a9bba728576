package io.cairn.host.linux;

import io.cairn.host.BlockDevice;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Descriptor;
import java.time.Duration;

/**
 * How long a device is waited for that somebody has claimed: a mount in any namespace, or the device-mapper. A
 * container that starts has a copy of every mount of the host for a moment, also of one that the host has just
 * unmounted. {@code tries} are 20 ms apart.
 */
record Claim(int tries) {
    static final Claim PATIENT = new Claim(150);
    private static final Duration STEP = Duration.ofMillis(20);

    /** Opens the device so that nobody else can claim it until it is closed; EBUSY when it stays claimed. */
    Descriptor take(BlockDevice device) {
        int flags = Descriptor.READ_WRITE | Descriptor.EXCLUSIVE;
        for (int attempt = 1; attempt < tries; attempt++) {
            try {
                return Descriptor.open(device.node(), flags);
            } catch (HostFault busy) {
                if (!busy.errno().equals(Errno.EBUSY)) {
                    throw busy;
                }
            }
            Pause.of(STEP);
        }
        return Descriptor.open(device.node(), flags, "EBUSY means that it is mounted, or part of another device");
    }

    /** Waits until nobody has claimed the device; for a program that claims it itself. */
    void await(BlockDevice device) {
        take(device).close();
    }
}

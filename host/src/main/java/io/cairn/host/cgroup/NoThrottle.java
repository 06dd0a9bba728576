package io.cairn.host.cgroup;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.Limits;
import io.cairn.host.Throttle;
import java.util.List;
import java.util.Set;

/** A host on which no limit can be held; {@code reason} says why. */
record NoThrottle(String reason) implements Throttle {
    @Override
    public Enforcement support() {
        return new Enforcement.Unavailable(reason);
    }

    @Override
    public void apply(DeviceNumber device, Limits limits) {
        if (!limits.isNone()) {
            throw new HostFault("limit device " + device + ": " + reason, Errno.EOPNOTSUPP);
        }
    }

    @Override
    public void clear(DeviceNumber device) {
        // There is none.
    }

    @Override
    public void sweep(Set<DeviceNumber> known) {
        // There is none.
    }

    @Override
    public List<Rule> report(DeviceNumber device) {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing runs.
    }
}

package io.cairn.volumes;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Limits;
import io.cairn.host.Throttle;
import java.util.List;
import java.util.Set;

/** A host that can hold no limit. Stateless. */
final class NoThrottle implements Throttle {
    @Override
    public Enforcement support() {
        return new Enforcement.Unavailable("this test holds none");
    }

    @Override
    public void apply(DeviceNumber device, Limits limits) {
        throw new IllegalStateException("a limit that cannot be held was asked for");
    }

    @Override
    public void clear(DeviceNumber device) {}

    @Override
    public void sweep(Set<DeviceNumber> known) {}

    @Override
    public List<Rule> report(DeviceNumber device) {
        return List.of();
    }

    @Override
    public void close() {}
}

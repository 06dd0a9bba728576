package io.cairn.volumes;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Limits;
import io.cairn.host.Throttle;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Limits on the devices of the {@link SimulatedKernel}. */
record SimulatedThrottle(SimulatedKernel kernel) implements Throttle {
    @Override
    public Enforcement support() {
        return kernel.enforcement;
    }

    @Override
    public void apply(DeviceNumber device, Limits limits) {
        kernel.rules.put(device, limits);
    }

    @Override
    public void clear(DeviceNumber device) {
        kernel.rules.remove(device);
    }

    @Override
    public void sweep(Set<DeviceNumber> known) {
        kernel.rules.keySet().retainAll(known);
    }

    @Override
    public List<Rule> report(DeviceNumber device) {
        return Optional.ofNullable(kernel.rules.get(device)).stream()
                .map(limits -> new Rule("/simulated", device, limits))
                .toList();
    }

    @Override
    public void close() {}
}

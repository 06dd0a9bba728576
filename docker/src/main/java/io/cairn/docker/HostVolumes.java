package io.cairn.docker;

import io.cairn.host.HostFault;
import io.cairn.volumes.Held;
import io.cairn.volumes.Outcome;
import io.cairn.volumes.Refusal;
import io.cairn.volumes.Released;
import io.cairn.volumes.VolumeView;
import io.cairn.volumes.Volumes;
import io.cairn.volumes.VolumesFault;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes of this host behind Docker's protocol. Docker's mount id is a holder of a volume. Thread-safe. */
final class HostVolumes implements DriverVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(HostVolumes.class);

    private final Volumes volumes;

    HostVolumes(Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public Optional<DriverVolume> find(String name) {
        return told(
                () -> volumes.status(name(name)).map(status -> driverVolume(status.volume(), StatusMap.of(status))));
    }

    @Override
    public Optional<String> mountpoint(String name) {
        return told(() -> volumes.find(name(name)).map(view -> view.mountpoint().toString()));
    }

    @Override
    public List<DriverVolume> list() {
        return told(() -> volumes.list().stream()
                .map(view -> driverVolume(view, Map.of()))
                .toList());
    }

    private static DriverVolume driverVolume(VolumeView view, Map<String, Object> status) {
        return new DriverVolume(
                view.name().text(), view.mountpoint().toString(), view.created().toString(), status);
    }

    @Override
    public void create(String name, Map<String, String> options) {
        VolumeView _ = told(() -> done(volumes.create(name(name), options)));
    }

    @Override
    public void remove(String name) {
        VolumeView _ = told(() -> done(volumes.remove(name(name), false)));
    }

    @Override
    public String mount(String name, String holder) {
        Held held = told(() -> done(volumes.hold(name(name), holder(holder))));
        return held.mountpoint().toString();
    }

    @Override
    public void unmount(String name, String holder) {
        Released _ = told(() -> done(volumes.release(name(name), holder(holder))));
    }

    private static VolumeName name(String text) {
        try {
            return new VolumeName(text);
        } catch (IllegalArgumentException invalid) {
            throw new PluginRefusal(String.valueOf(invalid.getMessage()));
        }
    }

    private static HolderId holder(String text) {
        try {
            return new HolderId(text);
        } catch (IllegalArgumentException invalid) {
            throw new PluginRefusal(String.valueOf(invalid.getMessage()));
        }
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(Refusal refusal) -> throw new PluginRefusal(refusal.message());
        };
    }

    /** Faults of the host, the registry or the keys are sentences for Docker too. */
    private static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (HostFault | VolumesFault | KeyFault fault) {
            LOG.warn("{}", fault.getMessage());
            throw new PluginRefusal(String.valueOf(fault.getMessage()));
        }
    }
}

package io.cairn.volumes;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Encryption;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.Loop;
import io.cairn.host.MountEntry;
import io.cairn.volumes.registry.Pool;
import io.cairn.volumes.spec.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel has of volumes that no record knows: mounts below our directory, mappings and loop devices on images
 * in our pools. Nothing of other programs, and nothing of another Cairn, is touched.
 */
final class Leftovers {
    private final Core core;
    private final Host host;

    Leftovers(Core core) {
        this.core = core;
        this.host = core.host();
    }

    /** Lets go of leftovers; only while every pool is open, because else nobody knows whose they are. */
    void release(List<String> repairs, List<String> problems) {
        if (core.pools().unknownNames().isPresent()) {
            return;
        }
        mounts(repairs, problems);
        List<Loop> ours = host.loops().all().stream()
                .filter(loop -> volumeOf(loop).filter(this::unknown).isPresent())
                .toList();
        if (ours.isEmpty()) {
            return;
        }
        Set<DeviceNumber> devices = new HashSet<>();
        ours.forEach(loop -> devices.add(loop.device().number()));
        for (Encryption.Mapping mapping : host.encryption().opened()) {
            if (devices.contains(mapping.below())
                    && Mounter.volumeOf(mapping.name()).isPresent()) {
                attempt(
                        "closed the mapping " + mapping.name(),
                        () -> host.encryption().close(mapping.name()),
                        repairs,
                        problems);
            }
        }
        for (Loop loop : ours) {
            String what = loop.device().node() + " from " + loop.backingName();
            host.throttle().clear(loop.device().number());
            attempt("detached " + what, () -> host.loops().detach(loop.device()), repairs, problems);
        }
    }

    private void mounts(List<String> repairs, List<String> problems) {
        Path ours = real(core.options().mounts());
        for (MountEntry mount : host.mounts().entries().reversed()) {
            if (mount.target().startsWith(ours)
                    && volumeBelow(ours, mount.target()).filter(this::unknown).isPresent()) {
                attempt("unmounted " + mount.target(), () -> host.mounts().unmount(mount.target()), repairs, problems);
            }
        }
    }

    /** As the kernel prints it, without symbolic links. */
    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException missing) {
            return directory;
        }
    }

    /** A volume whose record cannot be read is not unknown: it is left as it is. */
    private boolean unknown(VolumeId id) {
        return core.registry().find(id).isEmpty()
                && core.pools().opened().stream().noneMatch(pool -> Files.exists(pool.record(id)));
    }

    private static Optional<VolumeId> volumeBelow(Path directory, Path path) {
        return path.getNameCount() > directory.getNameCount()
                ? Optional.of(path.getName(directory.getNameCount()).toString())
                        .filter(VolumeId::isOne)
                        .map(VolumeId::new)
                : Optional.empty();
    }

    /** The volume whose image, or what once was its image, the loop device has. */
    private Optional<VolumeId> volumeOf(Loop loop) {
        try {
            Path backing = Path.of(loop.backingName());
            for (Pool pool : core.pools().opened()) {
                Path volumes = pool.volumes().toRealPath();
                if (backing.startsWith(volumes)) {
                    return volumeBelow(volumes, backing);
                }
            }
            return Optional.empty();
        } catch (InvalidPathException | IOException strange) {
            return Optional.empty();
        }
    }

    private static void attempt(String done, Runnable work, List<String> repairs, List<String> problems) {
        try {
            work.run();
            repairs.add(done + ", which belonged to no volume");
        } catch (HostFault failure) {
            problems.add(failure.getMessage());
        }
    }

    /** Every device that exists: rules for others are nobody's. */
    Set<DeviceNumber> devices() {
        Set<DeviceNumber> known = new HashSet<>();
        host.loops().all().forEach(loop -> known.add(loop.device().number()));
        host.encryption().opened().forEach(mapping -> known.add(mapping.device().number()));
        return known;
    }
}

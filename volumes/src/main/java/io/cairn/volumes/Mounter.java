package io.cairn.volumes;

import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.GrowResult;
import io.cairn.host.Holder;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Loop;
import io.cairn.host.MountEntry;
import io.cairn.host.MountOptions;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings a volume up (loop device, LUKS mapping, check, limits, mount) and takes it down again, from whatever state it
 * is in. Writes nothing to the registry: who calls has written that something may be attached. The caller has the
 * volume's lock.
 */
final class Mounter {
    static final String DATA = "data";
    private static final String MAPPING = "cairn-";
    private static final int LOOKS = 4;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Core core;
    private final Host host;

    Mounter(Core core) {
        this.core = core;
        this.host = core.host();
    }

    /** Where users of the volume find it; the same for all of its life. */
    Path mountpoint(VolumeId id) {
        return core.options().mounts().resolve(id.text()).resolve(DATA);
    }

    /** The directory that something is mounted on. */
    Path target(Entry entry) {
        Path mountpoint = mountpoint(entry.id());
        return entry.record().spec().source() instanceof VolumeSource.Image ? parent(mountpoint) : mountpoint;
    }

    private static Path parent(Path path) {
        return java.util.Objects.requireNonNull(path.getParent());
    }

    static String mapping(VolumeId id) {
        return MAPPING + id.text();
    }

    /** The volume of a mapping's name, if it has the form of ours. */
    static Optional<VolumeId> volumeOf(String mapping) {
        return Optional.of(mapping)
                .filter(name -> name.startsWith(MAPPING) && VolumeId.isOne(name.substring(MAPPING.length())))
                .map(name -> new VolumeId(name.substring(MAPPING.length())));
    }

    Optional<MountEntry> mount(Entry entry) {
        return host.mounts().at(target(entry));
    }

    /** The key that opens the volume; the caller closes it. */
    KeyMaterial key(Entry entry) {
        return core.keys().unwrap(entry.id(), entry.record().theKeys().current());
    }

    /** A volume that is mounted. {@code grown}: its filesystem was made as large as its device on the way. */
    record Up(Path mountpoint, boolean grown) {}

    /**
     * Mounts the volume, with a check before when it was not unmounted cleanly. Refused or failed, everything is let go
     * again. One that is mounted already is left as it is.
     */
    Outcome<Up> up(Entry entry, boolean check) {
        Path mountpoint = mountpoint(entry.id());
        if (mount(entry).isPresent()) {
            return Outcome.done(new Up(mountpoint, false));
        }
        try {
            makeTarget(entry);
            Outcome<Boolean> mounted = switch (entry.record().spec().source()) {
                case VolumeSource.Image image -> image(entry, image, check);
                case VolumeSource.Device device -> device(entry, device);
                case VolumeSource.Network network -> network(entry, network);
                case VolumeSource.Bind bind -> bind(entry, bind);
                case VolumeSource.Memory _ -> memory(entry);
            };
            if (mounted instanceof Outcome.Refused<Boolean>) {
                down(entry);
            }
            return mounted.map(grown -> new Up(mountpoint, grown));
        } catch (RuntimeException failure) {
            undo(entry, failure);
            throw failure;
        }
    }

    private void undo(Entry entry, RuntimeException failure) {
        try {
            down(entry);
        } catch (HostFault also) {
            failure.addSuppressed(also);
        }
    }

    private void makeTarget(Entry entry) {
        try {
            core.registry().files().makeDirectory(core.options().mounts());
            core.registry().files().makeDirectory(parent(mountpoint(entry.id())));
            if (!(entry.record().spec().source() instanceof VolumeSource.Image)) {
                core.registry().files().makeDirectory(mountpoint(entry.id()));
            }
        } catch (IOException failure) {
            throw new VolumesFault("cannot make the mountpoint " + target(entry) + ": " + failure, failure);
        }
    }

    private Outcome<Boolean> image(Entry entry, VolumeSource.Image image, boolean check) {
        Outcome<BlockDevice> attached = attach(entry);
        if (attached instanceof Outcome.Refused<BlockDevice>(Refusal refusal)) {
            return new Outcome.Refused<>(refusal);
        }
        BlockDevice device = attached.whenDone().orElseThrow();
        boolean elsewhere = !host.mounts().holders(device.number()).isEmpty();
        if (check && !elsewhere) {
            Optional<Refusal> damage = damage(entry, host.filesystems().check(image.filesystem(), device));
            if (damage.isPresent()) {
                return new Outcome.Refused<>(damage.get());
            }
        }
        // Some hosts cannot grow it once it is mounted; what can only grow then does so later.
        boolean grown = entry.record().debts().grown().compareTo(image.size()) < 0
                && !elsewhere
                && host.filesystems().growUnmounted(image.filesystem(), device) instanceof GrowResult.Grown;
        limit(entry, device);
        host.mounts()
                .mount(
                        device.node().toString(),
                        target(entry),
                        image.filesystem().type(),
                        words(entry));
        if (image.cipher() == Cipher.FSCRYPT) {
            try (KeyMaterial key = key(entry)) {
                host.directoryEncryption().addKey(target(entry), key);
            }
        }
        return Outcome.done(grown);
    }

    /** The volume's block device: the loop device, or the mapping on it. */
    Outcome<BlockDevice> attach(Entry entry) {
        BlockDevice loop = loop(entry.image());
        if (entry.record().spec().cipher() != Cipher.LUKS2) {
            return Outcome.done(loop);
        }
        try (KeyMaterial key = key(entry)) {
            return switch (host.encryption().open(loop.node(), mapping(entry.id()), key)) {
                case io.cairn.host.Encryption.Unlock.Unlocked(BlockDevice device) -> Outcome.done(device);
                case io.cairn.host.Encryption.Unlock.WrongKey() ->
                    Outcome.refused(
                            Refusal.Reason.KEY_UNAVAILABLE,
                            "the key that is kept for volume '" + entry.record().name()
                                    + "' does not open it: its LUKS header was replaced or damaged");
            };
        }
    }

    private BlockDevice loop(Path image) {
        try {
            return host.loops().attach(image, true);
        } catch (HostFault refused) {
            if (!refused.errno().equals(Errno.EOPNOTSUPP)) {
                throw refused;
            }
            // Some filesystems (tmpfs, overlays) have no direct I/O; the status says that the volume goes without.
            return host.loops().attach(image, false);
        }
    }

    private static Optional<Refusal> damage(Entry entry, CheckResult result) {
        return switch (result) {
            case CheckResult.Clean _, CheckResult.Repaired _ -> Optional.empty();
            case CheckResult.Damaged(String report) ->
                Optional.of(new Refusal(
                        Refusal.Reason.DAMAGED,
                        "the filesystem of volume '" + entry.record().name() + "' is damaged and needs a person: check "
                                + entry.image() + "; " + report));
        };
    }

    private void limit(Entry entry, BlockDevice device) {
        if (entry.record().spec().limits().isNone()) {
            // Rules outlive devices: this number may have somebody else's.
            host.throttle().clear(device.number());
        } else {
            host.throttle().apply(device.number(), entry.record().spec().limits());
        }
    }

    private static MountOptions words(Entry entry) {
        return MountOptions.parse(String.join(",", entry.record().spec().mountOptions()));
    }

    private Outcome<Boolean> device(Entry entry, VolumeSource.Device device) {
        Optional<BlockDevice> found = BlockDevices.at(Path.of(device.device()));
        if (found.isEmpty()) {
            return Outcome.refused(
                    Refusal.Reason.NOT_FOUND,
                    "volume '" + entry.record().name() + "': there is no block device " + device.device());
        }
        if (!entry.record().spec().limits().isNone()) {
            limit(entry, found.get());
        }
        host.mounts().mount(found.get().node().toString(), target(entry), device.type(), words(entry));
        return Outcome.done(false);
    }

    private Outcome<Boolean> network(Entry entry, VolumeSource.Network network) {
        Outcome<NetworkMount> mount =
                NetworkMount.resolve(network, entry.record().spec().mountOptions());
        return switch (mount) {
            case Outcome.Refused<NetworkMount>(Refusal refusal) -> new Outcome.Refused<>(refusal);
            case Outcome.Done<NetworkMount>(NetworkMount resolved) -> {
                host.mounts().mount(resolved.source(), target(entry), network.type(), resolved.options());
                yield Outcome.done(false);
            }
        };
    }

    private Outcome<Boolean> bind(Entry entry, VolumeSource.Bind bind) {
        Path directory = Path.of(bind.directory());
        if (!Files.isDirectory(directory)) {
            return Outcome.refused(
                    Refusal.Reason.NOT_FOUND,
                    "volume '" + entry.record().name() + "': there is no directory " + directory);
        }
        host.mounts().bind(directory, target(entry), words(entry));
        return Outcome.done(false);
    }

    private Outcome<Boolean> memory(Entry entry) {
        host.mounts().mount("cairn-" + entry.record().name(), target(entry), "tmpfs", words(entry));
        return Outcome.done(false);
    }

    /** The number of the device that the volume has now: of its mount, or of what is attached for it. */
    Optional<DeviceNumber> device(Entry entry) {
        Optional<DeviceNumber> mounted = mount(entry).map(MountEntry::device);
        if (mounted.isPresent()) {
            return mounted;
        }
        return switch (entry.record().spec().source()) {
            case VolumeSource.Image image -> imageDevice(entry, image);
            case VolumeSource.Device device ->
                BlockDevices.at(Path.of(device.device())).map(BlockDevice::number);
            case VolumeSource.Network _, VolumeSource.Bind _, VolumeSource.Memory _ -> Optional.empty();
        };
    }

    private Optional<DeviceNumber> imageDevice(Entry entry, VolumeSource.Image image) {
        if (image.cipher() == Cipher.LUKS2) {
            Optional<DeviceNumber> mapped = host.encryption().opened().stream()
                    .filter(each -> each.name().equals(mapping(entry.id())))
                    .map(each -> each.device().number())
                    .findFirst();
            if (mapped.isPresent()) {
                return mapped;
            }
        }
        return loopOf(entry).map(loop -> loop.device().number());
    }

    Optional<Loop> loopOf(Entry entry) {
        return Files.exists(entry.image()) ? host.loops().holding(entry.image()) : Optional.empty();
    }

    /**
     * Who else has the volume's device mounted. A bind volume has no device of its own: nobody can be told from the
     * users of its filesystem, and nothing is released that anybody could miss. A container that starts has copies of
     * all mounts for some milliseconds, before it is known as a container: who has no name yet is looked at again.
     */
    List<Holder> elsewhere(Entry entry) {
        if (entry.record().spec().source() instanceof VolumeSource.Bind) {
            return List.of();
        }
        Optional<DeviceNumber> device = device(entry);
        List<Holder> found = device.map(host.mounts()::holders).orElse(List.of());
        for (int look = 1; look < LOOKS && !found.isEmpty() && nameless(found); look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            found = device.map(host.mounts()::holders).orElse(List.of());
        }
        return found;
    }

    private static boolean nameless(List<Holder> holders) {
        return holders.stream().allMatch(holder -> holder.container().isEmpty());
    }

    /**
     * Takes down everything that may be attached for the volume, in the order of the stack. Nothing there is no error.
     *
     * @throws HostFault when something is in use; what is above it was taken down
     */
    void down(Entry entry) {
        Optional<DeviceNumber> device = device(entry);
        Path target = target(entry);
        while (host.mounts().at(target).isPresent()) {
            if (entry.record().spec().source() instanceof VolumeSource.Image) {
                host.filesystems().thawLeftover(target);
            }
            host.mounts().unmount(target);
        }
        if (!entry.record().spec().limits().isNone()) {
            device.ifPresent(host.throttle()::clear);
        }
        if (entry.record().spec().source() instanceof VolumeSource.Image image) {
            if (image.cipher() == Cipher.LUKS2) {
                host.encryption().close(mapping(entry.id()));
            }
            loopOf(entry).ifPresent(loop -> host.loops().detach(loop.device()));
        }
    }

    /** Removes the mountpoint of a volume that is down. */
    void forget(Entry entry) {
        try {
            if (!(entry.record().spec().source() instanceof VolumeSource.Image)) {
                core.registry().files().remove(mountpoint(entry.id()));
            }
            core.registry().files().remove(parent(mountpoint(entry.id())));
        } catch (IOException failure) {
            throw new VolumesFault("cannot remove the mountpoint " + target(entry) + ": " + failure, failure);
        }
    }
}

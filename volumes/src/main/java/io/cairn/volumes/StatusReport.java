package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.Enforcement;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.Limits;
import io.cairn.host.MountEntry;
import io.cairn.host.PoolSpace;
import io.cairn.host.Usage;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Pool;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.VolumeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A volume with what the kernel says of it: system calls only, no lock. Safe for many threads. */
final class StatusReport {
    private final Core core;
    private final Host host;
    private final Mounter mounter;
    private final PoolGuard guard;

    StatusReport(Core core, Mounter mounter, PoolGuard guard) {
        this.core = core;
        this.host = core.host();
        this.mounter = mounter;
        this.guard = guard;
    }

    VolumeStatus of(Entry entry) {
        VolumeRecord record = entry.record();
        Optional<MountEntry> mount = mount(entry);
        return new VolumeStatus(
                Views.of(entry, mounter),
                usage(entry, mount),
                allocated(entry),
                record.spec().source() instanceof VolumeSource.Image image && image.thick(),
                filesystem(record.spec().source()),
                record.spec().mountOptions(),
                record.spec().limits(),
                enforcement(record.spec().limits()),
                encryption(record),
                record.spec().backup(),
                holders(record),
                record.visible().size(),
                lastSnapshot(record),
                Optional.ofNullable(record.lastBackup()),
                warnings(entry, mount));
    }

    private static Map<String, Integer> holders(VolumeRecord record) {
        return record.mounting().holders().entrySet().stream()
                .collect(Collectors.toMap(each -> each.getKey().text(), Map.Entry::getValue));
    }

    private static Optional<Instant> lastSnapshot(VolumeRecord record) {
        return record.visible().stream().map(SnapshotRecord::created).max(Comparator.naturalOrder());
    }

    private Optional<MountEntry> mount(Entry entry) {
        return entry.record().mounting().attached() ? mounter.mount(entry) : Optional.empty();
    }

    /** A file server may not answer for minutes: its usage is not asked. */
    private Optional<Usage> usage(Entry entry, Optional<MountEntry> mount) {
        if (entry.record().spec().source() instanceof VolumeSource.Network) {
            return Optional.empty();
        }
        try {
            return mount.map(_ -> host.filesystems().usage(mounter.target(entry)));
        } catch (HostFault gone) {
            // Unmounted in this moment.
            return Optional.empty();
        }
    }

    private ByteCount allocated(Entry entry) {
        try {
            return entry.record().spec().source() instanceof VolumeSource.Image && Files.exists(entry.image())
                    ? host.images().allocated(entry.image())
                    : ByteCount.of(0);
        } catch (HostFault gone) {
            return ByteCount.of(0);
        }
    }

    private static String filesystem(VolumeSource source) {
        return switch (source) {
            case VolumeSource.Image image -> image.filesystem().type();
            case VolumeSource.Device device -> device.type() + " on " + device.device();
            case VolumeSource.Network network -> network.type() + " from " + network.device();
            case VolumeSource.Bind bind -> "directory " + bind.directory();
            case VolumeSource.Memory _ -> "tmpfs";
        };
    }

    private String enforcement(Limits limits) {
        if (limits.isNone()) {
            return "no limits";
        }
        String what = words(limits);
        return switch (host.throttle().support()) {
            case Enforcement.Total(String group) ->
                what + ": over all containers in total, buffered writes included, by cgroup v2 (" + group + ")";
            case Enforcement.DirectOnly(String group) ->
                what + ": for direct I/O only, divided among the containers that hold the volume, by cgroup v1 ("
                        + group + "); buffered writes are not limited";
            case Enforcement.Unavailable(String reason) -> what + ": NOT enforced, " + reason;
        };
    }

    private static String words(Limits limits) {
        var words = new ArrayList<String>();
        word(words, limits.readIops(), " reads/s");
        word(words, limits.writeIops(), " writes/s");
        bytes(words, limits.readBytes(), "/s read");
        bytes(words, limits.writeBytes(), "/s written");
        return String.join(", ", words);
    }

    private static void word(List<String> words, OptionalLong limit, String unit) {
        limit.ifPresent(value -> words.add(value + unit));
    }

    private static void bytes(List<String> words, OptionalLong limit, String unit) {
        limit.ifPresent(value -> words.add(ByteCount.of(value) + unit));
    }

    private String encryption(VolumeRecord record) {
        return switch (record.spec().cipher()) {
            case NONE -> "none";
            case LUKS2 ->
                "LUKS2: everything; its key is wrapped by " + core.keys().describe();
            case FSCRYPT ->
                "fscrypt: contents and names of files, not their sizes, times, number and tree; its key is wrapped by "
                        + core.keys().describe();
        };
    }

    private List<String> warnings(Entry entry, Optional<MountEntry> mount) {
        var warnings = new ArrayList<String>();
        VolumeRecord record = entry.record();
        entry.pool().problem().ifPresent(warnings::add);
        core.jobs().running(record.id()).ifPresent(what -> warnings.add(what + " goes on"));
        Reserving.owed(entry).ifPresent(warnings::add);
        if (guard.isFrozen(record.id())) {
            warnings.add(entry.pool() + " has run out of room: writers are held off until there is some");
        }
        if (record.debts().rollback() != null) {
            warnings.add("a rollback is not finished; the volume cannot be mounted before");
        }
        if (record.spec().source() instanceof VolumeSource.Image image) {
            if (record.debts().grown().compareTo(image.size()) < 0) {
                warnings.add("the filesystem has " + record.debts().grown() + " and grows when it is mounted next");
            }
            if (image.cipher() != Cipher.NONE) {
                keyBeside(entry.pool()).ifPresent(warnings::add);
            }
            mount.flatMap(at -> bufferedLoop(entry, at)).ifPresent(warnings::add);
        }
        return warnings;
    }

    private Optional<String> bufferedLoop(Entry entry, MountEntry mount) {
        // The mount of an encrypted volume is of the mapping on its loop device.
        return host.loops()
                .at(mount.device())
                .or(() -> mounter.loopOf(entry))
                .filter(loop -> !loop.directIo())
                .map(_ -> "the pool's filesystem has no direct I/O: data is cached twice");
    }

    /** A key on the disk that it opens the volumes of protects from nobody who takes the disk. */
    Optional<String> keyBeside(Pool pool) {
        try {
            Optional<Path> directory =
                    core.keys().keyFile().map(Path::toAbsolutePath).map(Path::getParent);
            if (directory.isEmpty()
                    || !Files.isDirectory(directory.get())
                    || pool.problem().isPresent()) {
                return Optional.empty();
            }
            PoolSpace keys = host.images().space(directory.get());
            return keys.device().equals(host.images().space(pool.directory()).device())
                    ? Optional.of("the master key lies on the disk of " + pool
                            + ": whoever takes the disk has both;"
                            + " keep it elsewhere, under a passphrase, or in Vault")
                    : Optional.empty();
        } catch (HostFault | KeyFault unknown) {
            return Optional.of(String.valueOf(unknown.getMessage()));
        }
    }
}

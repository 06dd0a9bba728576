package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.Contents;
import io.cairn.host.Enforcement;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.MakeOptions;
import io.cairn.host.MakeResult;
import io.cairn.host.Support;
import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Phase;
import io.cairn.volumes.registry.Pool;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.CloneSource;
import io.cairn.volumes.spec.LimitsMode;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import io.cairn.volumes.spec.VolumeRequest;
import io.cairn.volumes.spec.VolumeSource;
import io.cairn.volumes.spec.VolumeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Making of volumes. Everything that can be refused is refused before anything is made; what fails afterwards is undone
 * as a whole. A volume is seen by others when all of it is on disk.
 */
final class Creation {
    private final Core core;
    private final Host host;
    private final Mounter mounter;
    private final PoolGuard guard;
    private final Copying copying;
    private final Removal removal;

    Creation(Core core, Mounter mounter, PoolGuard guard, Copying copying, Removal removal) {
        this.core = core;
        this.host = core.host();
        this.mounter = mounter;
        this.guard = guard;
        this.copying = copying;
        this.removal = removal;
    }

    /** Creates the volume; the caller has taken care that nobody else creates one of that name. */
    Outcome<Entry> create(VolumeName name, Map<String, String> options) {
        VolumeRequest request;
        Optional<Entry> original;
        try {
            Optional<CloneSource> from = CloneSource.in(options);
            original = from.flatMap(source -> core.registry().find(source.volume()));
            if (from.isPresent() && original.isEmpty()) {
                return Outcome.refused(
                        Refusal.Reason.NOT_FOUND,
                        "there is no volume '" + from.get().volume() + "' to clone");
            }
            request = VolumeRequest.read(
                    options,
                    core.options().config(),
                    original.map(entry -> entry.record().spec()));
        } catch (IllegalArgumentException refused) {
            return Outcome.refused(Refusal.Reason.INVALID, String.valueOf(refused.getMessage()));
        }
        Optional<Entry> existing = core.registry().find(name);
        if (existing.isPresent()) {
            return existing.get().record().spec().askedWith(options)
                    ? Outcome.done(existing.get())
                    : Outcome.refused(
                            Refusal.Reason.EXISTS,
                            "there is a volume '" + name + "' already, created with other options");
        }
        Optional<Refusal> refusal = impossible(name, request);
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        Outcome<VolumeSpec> spec = encrypted(request);
        return switch (spec) {
            case Outcome.Refused<VolumeSpec>(Refusal reason) -> new Outcome.Refused<>(reason);
            case Outcome.Done<VolumeSpec>(VolumeSpec decided) -> make(name, decided, request, original);
        };
    }

    private Optional<Refusal> impossible(VolumeName name, VolumeRequest request) {
        Optional<Refusal> unknown = core.registry()
                .damage(name)
                .map(problem -> new Refusal(Refusal.Reason.DAMAGED, problem))
                .or(core.pools()::unknownNames);
        if (unknown.isPresent()) {
            return unknown;
        }
        Pool pool = core.pools().named(request.spec().pool());
        Optional<String> problem = pool.problem();
        if (problem.isPresent()) {
            return Optional.of(new Refusal(Refusal.Reason.POOL_UNAVAILABLE, problem.get()));
        }
        return unenforceable(request.spec()).or(() -> existing(request));
    }

    /** A limit that the kernel would not keep is no limit. */
    private Optional<Refusal> unenforceable(VolumeSpec spec) {
        if (spec.limits().isNone()) {
            return Optional.empty();
        }
        return switch (host.throttle().support()) {
            case Enforcement.Total _ -> Optional.empty();
            case Enforcement.DirectOnly _ ->
                spec.limitsMode() == LimitsMode.DIRECT
                        ? Optional.empty()
                        : Optional.of(new Refusal(
                                Refusal.Reason.NOT_SUPPORTED,
                                "this host (cgroup v1) can hold limits for direct I/O only, not for buffered writes,"
                                        + " and divides them among the containers that hold it; add limits=direct"
                                        + ", or boot with cgroup v2"));
            case Enforcement.Unavailable(String reason) ->
                Optional.of(new Refusal(Refusal.Reason.NOT_SUPPORTED, "this host cannot hold limits: " + reason));
        };
    }

    private Optional<Refusal> existing(VolumeRequest request) {
        return switch (request.spec().source()) {
            case VolumeSource.Device device -> device(device, request.format());
            case VolumeSource.Bind bind -> directory(bind);
            case VolumeSource.Image _, VolumeSource.Network _, VolumeSource.Memory _ -> Optional.empty();
        };
    }

    private Optional<Refusal> device(VolumeSource.Device device, boolean format) {
        Optional<BlockDevice> found = BlockDevices.at(Path.of(device.device()));
        if (found.isEmpty()) {
            return Optional.of(new Refusal(
                    Refusal.Reason.NOT_FOUND, "there is no block device " + device.device() + " on this host"));
        }
        Contents contents = host.filesystems().probe(found.get().node());
        if (contents instanceof Contents.Filesystem(FilesystemKind kind, var _, var _)
                && (kind.type().equals(device.type())
                        || kind == FilesystemKind.EXT4 && device.type().startsWith("ext"))) {
            return Optional.empty();
        }
        if (contents instanceof Contents.Empty) {
            return format
                    ? Optional.empty()
                    : Optional.of(new Refusal(
                            Refusal.Reason.INVALID,
                            device.device() + " holds no filesystem; it is formatted only with format=true"));
        }
        // What is not one of ours is for the kernel to recognise, and never for us to overwrite.
        return !format && contents instanceof Contents.Other
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Refusal.Reason.INVALID,
                        device.device() + " holds " + Described.contents(contents) + ", not an " + device.type()
                                + " filesystem" + (format ? "; it is not overwritten" : "")));
    }

    private Optional<Refusal> directory(VolumeSource.Bind bind) {
        Path directory = Path.of(bind.directory()).normalize();
        boolean inside = core.pools().all().stream().anyMatch(pool -> directory.startsWith(pool.directory()))
                || directory.startsWith(core.options().mounts())
                || directory.startsWith(core.options().state());
        if (inside) {
            return Optional.of(new Refusal(
                    Refusal.Reason.INVALID, "directory " + directory + " is part of a pool; it cannot be a volume"));
        }
        return java.nio.file.Files.isDirectory(directory)
                ? Optional.empty()
                : Optional.of(
                        new Refusal(Refusal.Reason.NOT_FOUND, "there is no directory " + directory + " on this host"));
    }

    /** Decides how an encrypted volume is encrypted here. */
    private Outcome<VolumeSpec> encrypted(VolumeRequest request) {
        VolumeSpec spec = request.spec();
        if (!(spec.source() instanceof VolumeSource.Image image) || image.cipher() != Cipher.LUKS2) {
            return Outcome.done(spec);
        }
        return switch (host.encryption().support()) {
            case Support.Available() -> Outcome.done(spec);
            case Support.Missing(String reason)
            when request.allowFscrypt()
                    && image.filesystem() == FilesystemKind.EXT4
                    && request.from().isEmpty() -> Outcome.done(spec.withSource(image.withCipher(Cipher.FSCRYPT)));
            case Support.Missing(String reason) ->
                Outcome.refused(
                        Refusal.Reason.NOT_SUPPORTED,
                        "this host cannot encrypt volumes with LUKS2: " + reason
                                + "; a class with allow-fscrypt = true and fs = \"ext4\" would encrypt files in place");
        };
    }

    private Outcome<Entry> make(VolumeName name, VolumeSpec spec, VolumeRequest request, Optional<Entry> original) {
        Pool pool = core.pools().named(spec.pool());
        VolumeId id = VolumeId.random(core.entropy());
        Outcome<Entry> made = core.locks()
                .within(core.patience(), id, () -> {
                    Outcome<Entry> begun = begin(pool, id, name, spec);
                    return begun instanceof Outcome.Done<Entry>(Entry entry) ? fill(entry, request, original) : begun;
                })
                .orElseThrow();
        return made;
    }

    /** Writes that the volume is being created, when the pool has room for it. */
    private Outcome<Entry> begin(Pool pool, VolumeId id, VolumeName name, VolumeSpec spec) {
        Supplier<Outcome<Entry>> add = () -> {
            Optional<WrappedKey> key = spec.cipher() == Cipher.NONE
                    ? Optional.empty()
                    : Optional.of(VolumeKeys.fresh(core, id, spec.cipher()));
            return Outcome.done(core.registry()
                    .add(pool, VolumeRecord.creating(id, name, core.clock().now(), spec, key)));
        };
        if (!(spec.source() instanceof VolumeSource.Image image)) {
            return add.get();
        }
        long size = Growth.imageSize(host, image).bytes();
        return guard.granted(pool, size, image.thick() ? size : 0, "volume '" + name + "' of " + image.size(), add);
    }

    private Outcome<Entry> fill(Entry entry, VolumeRequest request, Optional<Entry> original) {
        try {
            Optional<Refusal> refusal = switch (entry.record().spec().source()) {
                case VolumeSource.Image image ->
                    request.from().isPresent()
                            ? copying.clone(
                                    entry,
                                    image,
                                    original.orElseThrow(),
                                    request.from().get())
                            : image(entry, image);
                case VolumeSource.Device device when request.format() -> format(device);
                case VolumeSource.Device _, VolumeSource.Network _, VolumeSource.Bind _, VolumeSource.Memory _ ->
                    Optional.empty();
            };
            if (refusal.isEmpty()) {
                Entry newest = core.registry().find(entry.id()).orElseThrow();
                return Outcome.done(core.write(newest, newest.record().with(Phase.READY)));
            }
            removal.erase(entry);
            return new Outcome.Refused<>(refusal.get());
        } catch (RuntimeException failure) {
            undo(entry, failure);
            throw failure;
        }
    }

    private void undo(Entry entry, RuntimeException failure) {
        try {
            removal.erase(entry);
        } catch (HostFault | VolumesFault also) {
            failure.addSuppressed(also);
        }
    }

    private Optional<Refusal> format(VolumeSource.Device device) {
        BlockDevice found = BlockDevices.at(Path.of(device.device())).orElseThrow();
        if (!(host.filesystems().probe(found.node()) instanceof Contents.Empty)) {
            return Optional.empty();
        }
        FilesystemKind kind = device.type().equals("xfs") ? FilesystemKind.XFS : FilesystemKind.EXT4;
        return made(host.filesystems().make(kind, found, MakeOptions.DEFAULTS));
    }

    private static Optional<Refusal> made(MakeResult result) {
        return switch (result) {
            case MakeResult.Made _ -> Optional.empty();
            case MakeResult.NotEmpty(Contents found) ->
                Optional.of(new Refusal(
                        Refusal.Reason.INVALID,
                        "the device holds " + Described.contents(found) + "; it is not overwritten"));
            case MakeResult.TooSmall(String reason) -> Optional.of(new Refusal(Refusal.Reason.INVALID, reason));
        };
    }

    private Optional<Refusal> image(Entry entry, VolumeSource.Image image) {
        ByteCount size = Growth.imageSize(host, image);
        host.images().create(entry.image(), size, image.thick());
        if (image.cipher() == Cipher.LUKS2) {
            try (KeyMaterial key = mounter.key(entry)) {
                host.encryption().format(entry.image(), key);
            }
        }
        Outcome<BlockDevice> attached = mounter.attach(entry);
        if (attached instanceof Outcome.Refused<BlockDevice>(Refusal refusal)) {
            return Optional.of(refusal);
        }
        var options = new MakeOptions(
                image.thick(), image.cipher() == Cipher.LUKS2, image.cipher() == Cipher.FSCRYPT, Optional.empty());
        Optional<Refusal> refusal = made(
                host.filesystems().make(image.filesystem(), attached.whenDone().orElseThrow(), options));
        if (refusal.isPresent()) {
            return refusal;
        }
        if (image.thick()) {
            // Making a filesystem discards what it does not write.
            host.images().reserve(entry.image());
        }
        Outcome<Mounter.Up> up = mounter.up(entry, false);
        if (up instanceof Outcome.Refused<Mounter.Up>(Refusal reason)) {
            return Optional.of(reason);
        }
        makeData(entry, image);
        mounter.down(entry);
        return Optional.empty();
    }

    private void makeData(Entry entry, VolumeSource.Image image) {
        Path data = mounter.mountpoint(entry.id());
        try {
            java.nio.file.Files.createDirectory(data);
            java.nio.file.Files.setPosixFilePermissions(
                    data, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failure) {
            throw new VolumesFault("cannot make the directory " + data + " of a new volume: " + failure, failure);
        }
        if (image.cipher() == Cipher.FSCRYPT) {
            try (KeyMaterial key = mounter.key(entry)) {
                String identifier = host.directoryEncryption().addKey(mounter.target(entry), key);
                host.directoryEncryption().setPolicy(data, identifier);
            }
        }
    }
}

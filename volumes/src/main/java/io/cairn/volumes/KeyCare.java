package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.Host;
import io.cairn.host.KeyMaterial;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Keys;
import io.cairn.volumes.registry.SnapshotRecord;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rotation of keys. The key of a volume opens a slot of its LUKS header, and of the headers of its snapshots: a
 * rotation adds a key, makes it the current one, and takes the old ones away, each step written before it is done. What
 * encrypts the data itself stays, unless it is encrypted again.
 */
final class KeyCare {
    private static final Duration LOCK_WAIT = Duration.ofMinutes(5);

    private final Core core;
    private final Host host;
    private final Mounter mounter;
    private final PoolGuard guard;

    KeyCare(Core core, Mounter mounter, PoolGuard guard) {
        this.core = core;
        this.host = core.host();
        this.mounter = mounter;
        this.guard = guard;
    }

    /** A container, and the key that opens it now. */
    private record Container(Path path, WrappedKey key) {}

    /** New key for the volume and its snapshots. The caller has the volume's lock. */
    Outcome<KeyRotation> rotate(Entry entry) {
        Optional<Refusal> refusal = core.poolProblem(entry)
                .or(() -> core.jobProblem(entry))
                .or(() -> notLuks(entry, "has no key slots to rotate"));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        WrappedKey fresh = VolumeKeys.fresh(core, entry.id(), Cipher.LUKS2);
        Entry pending =
                core.write(entry, entry.record().with(entry.record().theKeys().withPending(fresh)));
        int count = containers(pending).size();
        settle(pending);
        return Outcome.done(new KeyRotation(
                count,
                List.of("the LUKS volume key, which encrypts the data, is as it was; re-encryption changes it")));
    }

    private static Optional<Refusal> notLuks(Entry entry, String what) {
        return switch (entry.record().spec().cipher()) {
            case LUKS2 -> Optional.empty();
            case NONE ->
                Optional.of(new Refusal(
                        Refusal.Reason.NOT_SUPPORTED,
                        "volume '" + entry.record().name() + "' is not encrypted"));
            case FSCRYPT ->
                Optional.of(new Refusal(
                        Refusal.Reason.NOT_SUPPORTED,
                        "volume '" + entry.record().name() + "' is encrypted with fscrypt, which " + what
                                + "; copy its files to a new volume"));
        };
    }

    private List<Container> containers(Entry entry) {
        var all = new ArrayList<Container>();
        all.add(new Container(container(entry), entry.record().theKeys().current()));
        for (SnapshotRecord snapshot : entry.record().snapshots()) {
            if (snapshot.ready() && snapshot.key() != null) {
                all.add(new Container(entry.pool().snapshot(entry.id(), snapshot.id()), snapshot.key()));
            }
        }
        return all;
    }

    /** The header is written through the loop device while there is one, so that both see the same. */
    private Path container(Entry entry) {
        return mounter.loopOf(entry).map(loop -> loop.device().node()).orElse(entry.image());
    }

    /** Goes on with a rotation where it was. Redoable. */
    void settle(Entry entry) {
        Entry now = entry;
        if (now.record().keys() != null && now.record().theKeys().pending() != null) {
            now = add(
                    now, java.util.Objects.requireNonNull(now.record().theKeys().pending()));
        }
        if (now.record().keys() != null && !now.record().theKeys().retiring().isEmpty()) {
            remove(now);
        }
    }

    private Entry add(Entry entry, WrappedKey pending) {
        List<Container> containers = containers(entry);
        try (KeyMaterial fresh = core.keys().unwrap(entry.id(), pending)) {
            for (Container each : containers) {
                try (KeyMaterial present = core.keys().unwrap(entry.id(), each.key())) {
                    if (!host.encryption().addKey(each.path(), present, fresh)) {
                        throw new VolumesFault("the key that is kept for volume '"
                                + entry.record().name() + "' does not open " + each.path() + ": nothing was changed");
                    }
                }
            }
        }
        VolumeRecord record = entry.record();
        List<WrappedKey> old =
                containers.stream().map(Container::key).distinct().toList();
        List<SnapshotRecord> snapshots = record.snapshots().stream()
                .map(each -> each.key() == null ? each : each.withKey(pending))
                .toList();
        return core.write(entry, record.with(snapshots).with(record.theKeys().switched(pending, old)));
    }

    private void remove(Entry entry) {
        for (WrappedKey old : entry.record().theKeys().retiring()) {
            try (KeyMaterial key = core.keys().unwrap(entry.id(), old)) {
                containers(entry).forEach(each -> host.encryption().removeKey(each.path(), key));
            }
        }
        core.write(entry, entry.record().with(entry.record().theKeys().retired()));
    }

    /** New master key, and every volume's key wrapped with it. */
    Outcome<KeyRotation> rotateMaster() {
        String fresh = core.keys().rotate();
        var remarks = new ArrayList<String>();
        int count = 0;
        for (Entry entry : core.registry().all()) {
            if (entry.record().wrappedKeys().findAny().isPresent()) {
                Optional<String> failure = core.locks()
                        .within(LOCK_WAIT, entry.id(), () -> rewrap(entry.id()))
                        .orElse(Optional.of("another operation goes on"));
                failure.ifPresent(reason -> remarks.add(
                        "volume '" + entry.record().name() + "' still needs the old master key: " + reason));
                count += failure.isEmpty() ? 1 : 0;
            }
        }
        core.keys().retire(VolumeKeys.inUse(core));
        remarks.add("the master key is " + fresh + " now; keep a new export of it in a safe place");
        return Outcome.done(new KeyRotation(count, remarks));
    }

    private Optional<String> rewrap(VolumeId id) {
        Optional<Entry> entry = core.registry().find(id);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try {
            VolumeRecord record = entry.get().record();
            if (record.keys() != null) {
                Keys keys = record.theKeys();
                WrappedKey pending = keys.pending();
                record = record.with(new Keys(
                        rewrap(id, keys.current()),
                        pending == null ? null : rewrap(id, pending),
                        keys.retiring().stream().map(key -> rewrap(id, key)).toList()));
            }
            record = record.with(record.snapshots().stream()
                    .map(each -> each.key() == null ? each : each.withKey(rewrap(id, each.key())))
                    .toList());
            core.write(entry.get(), record);
            return Optional.empty();
        } catch (KeyFault | VolumesFault failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    private WrappedKey rewrap(VolumeId id, WrappedKey wrapped) {
        try (KeyMaterial key = core.keys().unwrap(id, wrapped)) {
            return VolumeKeys.wrap(core, id, key);
        }
    }

    /** Starts encrypting all data again. The caller has the volume's lock. */
    Outcome<Thread> reencrypt(Entry entry) {
        Optional<Refusal> refusal = core.poolProblem(entry)
                .or(() -> core.jobProblem(entry))
                .or(() -> notLuks(entry, "cannot be encrypted again in place"));
        if (refusal.isPresent()) {
            return new Outcome.Refused<>(refusal.get());
        }
        VolumeSource.Image image = (VolumeSource.Image) entry.record().spec().source();
        ByteCount size = Growth.imageSize(host, image);
        long filled = size.bytes() - host.images().allocated(entry.image()).bytes();
        return guard.granted(
                entry.pool(),
                0,
                Math.max(0, filled),
                "encrypting volume '" + entry.record().name() + "' again",
                () -> {
                    Entry owing = core.write(
                            entry, entry.record().with(entry.record().debts().withReencrypt(true)));
                    return Outcome.done(startReencryption(owing).orElseThrow());
                });
    }

    /** Starts, or goes on with, what the record owes. Online while it is mounted, and for nobody else otherwise. */
    Optional<Thread> startReencryption(Entry entry) {
        VolumeId id = entry.id();
        return core.jobs().start(id, "re-encryption", () -> {
            boolean online = core.registry()
                    .find(id)
                    .filter(each -> mounter.mount(each).isPresent())
                    .isPresent();
            if (online) {
                reencryptNow(id);
            } else {
                core.locks().within(LOCK_WAIT, id, () -> {
                    reencryptNow(id);
                    return true;
                });
            }
            core.locks()
                    .within(
                            LOCK_WAIT,
                            id,
                            () -> core.registry()
                                    .find(id)
                                    .map(each -> core.write(
                                            each,
                                            each.record()
                                                    .with(each.record().debts().withReencrypt(false)))));
        });
    }

    private void reencryptNow(VolumeId id) {
        Entry entry = core.registry().find(id).orElseThrow();
        Optional<String> open = mounter.mount(entry).isPresent() ? Optional.of(Mounter.mapping(id)) : Optional.empty();
        try (KeyMaterial key = mounter.key(entry)) {
            host.encryption().reencrypt(container(entry), open, key);
        }
    }
}

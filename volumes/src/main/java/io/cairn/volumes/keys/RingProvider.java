package io.cairn.volumes.keys;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.KeyMaterial;
import io.cairn.volumes.spec.VolumeId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Master keys in a file of this host. The file is read for every call: what an operator puts back or takes away counts
 * at once, and the keys are in memory no longer than they are used. Safe for many threads; what changes the file takes
 * turns in this process, and when two processes make it the file system decides who was first.
 */
final class RingProvider implements KeyProvider {
    private final RingStore store;
    private final Clock clock;
    private final Entropy entropy;
    private final Object changing = new Object();

    RingProvider(RingStore store, Clock clock, Entropy entropy) {
        this.store = store;
        this.clock = clock;
        this.entropy = entropy;
    }

    @Override
    public ProviderKind kind() {
        return store.kind();
    }

    @Override
    public WrappedKey wrap(VolumeId volume, KeyMaterial key, Set<String> inUse) {
        try (KeyRing ring = store.read().orElseGet(() -> made(inUse))) {
            String keyId = ring.newest();
            byte[] boundTo = WrappedKey.boundTo(store.kind(), keyId, volume);
            byte[] master = ring.key(keyId).orElseThrow();
            return WrappedKey.of(store.kind(), keyId, Seal.close(master, key.bytes(), boundTo, entropy));
        }
    }

    private KeyRing made(Set<String> inUse) {
        synchronized (changing) {
            if (!inUse.isEmpty()) {
                throw lost("that wrapped " + String.join(", ", new TreeSet<>(inUse)) + " ");
            }
            KeyRing fresh = KeyRing.make(clock.now(), entropy);
            if (store.make(fresh)) {
                return fresh;
            }
            fresh.close();
            return ring();
        }
    }

    @Override
    public KeyMaterial unwrap(VolumeId volume, WrappedKey wrapped) {
        if (wrapped.provider() != store.kind()) {
            throw new KeyFault(
                    KeyFault.Kind.LOST,
                    "volume %s has a key of the provider %s; this host is set up for %s"
                            .formatted(volume, wrapped.provider().word(), describe()));
        }
        try (KeyRing ring = ring()) {
            byte[] master = ring.key(wrapped.keyId()).orElseThrow(() -> anotherKey(volume, wrapped, ring));
            byte[] boundTo = WrappedKey.boundTo(store.kind(), wrapped.keyId(), volume);
            byte[] key = Seal.open(master, wrapped.decoded(), boundTo)
                    .orElseThrow(() -> new KeyFault(
                            KeyFault.Kind.MISMATCH,
                            "the wrapped key of volume %s was changed, or is another volume's".formatted(volume)));
            try {
                return new KeyMaterial(key);
            } finally {
                Arrays.fill(key, (byte) 0);
            }
        }
    }

    private KeyFault anotherKey(VolumeId volume, WrappedKey wrapped, KeyRing ring) {
        String reason = wrapped.keyId().startsWith(ring.id() + "/")
                ? "does not hold that one: it is an old copy, or the key was retired too early"
                : "holds others, of " + ring.id() + ": it is the key file of another host";
        return new KeyFault(
                KeyFault.Kind.LOST,
                "volume %s needs the master key %s; %s %s. Put the right file back from escrow"
                        .formatted(volume, wrapped.keyId(), store.file(), reason));
    }

    private KeyRing ring() {
        return store.read().orElseThrow(() -> lost(""));
    }

    private KeyFault lost(String whichOne) {
        return new KeyFault(
                KeyFault.Kind.LOST,
                ("the master key %sis lost: %s is gone. Put it back from escrow, or mount the disk that it is on;"
                                + " without it nobody can read the encrypted volumes of this host")
                        .formatted(whichOne, store.file()));
    }

    @Override
    public Optional<String> currentKeyId() {
        Optional<KeyRing> found = store.read();
        try {
            return found.map(KeyRing::newest);
        } finally {
            found.ifPresent(KeyRing::close);
        }
    }

    @Override
    public String rotate() {
        synchronized (changing) {
            try (KeyRing next = ring().withNext(clock.now(), entropy)) {
                store.replace(next);
                return next.newest();
            }
        }
    }

    @Override
    public void retire(Set<String> inUse) {
        synchronized (changing) {
            Optional<KeyRing> found = store.read();
            if (found.isEmpty()) {
                return;
            }
            try (KeyRing ring = found.get()) {
                KeyRing fewer = ring.without(inUse);
                if (fewer.size() < ring.size()) {
                    store.replace(fewer);
                }
            }
        }
    }

    @Override
    public Optional<KeyMaterial> export() {
        Optional<KeyRing> found = store.read();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        // Reading it as a ring first: a damaged file is no escrow.
        found.get().close();
        Optional<byte[]> content = new SecretFile(store.file()).read();
        Optional<KeyMaterial> export = content.map(KeyMaterial::new);
        content.ifPresent(secret -> Arrays.fill(secret, (byte) 0));
        return export;
    }

    @Override
    public Optional<Path> keyFile() {
        return Optional.of(store.file());
    }

    @Override
    public String describe() {
        return switch (store) {
            case PlainRing plain -> "key file " + plain.file();
            case SealedRing sealed -> "key file " + sealed.file() + " that a passphrase opens";
        };
    }

    @Override
    public void close() {
        store.close();
    }
}

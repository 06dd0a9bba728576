package io.cairn.volumes;

import io.cairn.host.KeyMaterial;
import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.spec.Cipher;
import io.cairn.volumes.spec.VolumeId;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Making and wrapping of the keys of volumes. Stateless. */
final class VolumeKeys {
    /** 256 bits for a key slot of LUKS; AES-256-XTS of fscrypt takes twice that. */
    private static final int LUKS_BYTES = 32;

    private static final int FSCRYPT_BYTES = 64;

    private VolumeKeys() {}

    /** A new random key for the volume, wrapped. */
    static WrappedKey fresh(Core core, VolumeId id, Cipher cipher) {
        byte[] bytes = core.entropy().bytes(cipher == Cipher.FSCRYPT ? FSCRYPT_BYTES : LUKS_BYTES);
        try (KeyMaterial key = new KeyMaterial(bytes)) {
            return wrap(core, id, key);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static WrappedKey wrap(Core core, VolumeId id, KeyMaterial key) {
        return core.keys().wrap(id, key, inUse(core));
    }

    /** The master keys that some volume or snapshot needs. */
    static Set<String> inUse(Core core) {
        return core.registry().all().stream()
                .map(Entry::record)
                .flatMap(record -> record.wrappedKeys())
                .map(WrappedKey::keyId)
                .collect(Collectors.toUnmodifiableSet());
    }
}

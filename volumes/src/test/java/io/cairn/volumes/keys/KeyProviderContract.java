package io.cairn.volumes.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.base.Entropy;
import io.cairn.host.KeyMaterial;
import io.cairn.volumes.spec.VolumeId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every provider of master keys does. */
abstract class KeyProviderContract {
    static final Entropy ENTROPY = Entropy.secure();
    static final VolumeId VOLUME = VolumeId.random(ENTROPY);
    static final VolumeId OTHER = VolumeId.random(ENTROPY);

    /** A provider over the same place each time, as another process would open it. */
    abstract KeyProvider provider();

    static KeyMaterial key() {
        return new KeyMaterial(ENTROPY.bytes(32));
    }

    static void assertSame(KeyMaterial expected, KeyMaterial actual) {
        assertArrayEquals(expected.bytes(), actual.bytes());
    }

    static KeyFault fails(KeyFault.Kind kind, Runnable call) {
        KeyFault fault = assertThrows(KeyFault.class, call::run);
        assertEquals(kind, fault.kind(), fault.getMessage());
        return fault;
    }

    @Test
    void unwrap_byAnotherProcess_isTheKey() {
        KeyMaterial key = key();
        WrappedKey wrapped = provider().wrap(VOLUME, key, Set.of());
        assertSame(key, provider().unwrap(VOLUME, wrapped));
        assertEquals(provider().kind(), wrapped.provider());
        assertEquals(Optional.of(wrapped.keyId()), provider().currentKeyId());
    }

    @Test
    void wrap_ofTheSameKeyTwice_looksDifferent() {
        KeyMaterial key = key();
        KeyProvider provider = provider();
        WrappedKey first = provider.wrap(VOLUME, key, Set.of());
        assertNotEquals(first, provider.wrap(VOLUME, key, Set.of(first.keyId())));
        assertFalse(first.toString().contains(first.bytes()));
    }

    @Test
    void unwrap_forAnotherVolume_isRefused() {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        fails(KeyFault.Kind.MISMATCH, () -> provider().unwrap(OTHER, wrapped));
    }

    @Test
    void unwrap_withAnyBitFlipped_isRefused() {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        KeyProvider provider = provider();
        byte[] bytes = wrapped.decoded();
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit += 7) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            WrappedKey changed = WrappedKey.of(wrapped.provider(), wrapped.keyId(), flipped);
            fails(KeyFault.Kind.MISMATCH, () -> provider.unwrap(VOLUME, changed));
        }
    }

    @Test
    void rotate_withWrappedKeys_keepsThemAndWrapsAnew() {
        KeyMaterial key = key();
        WrappedKey old = provider().wrap(VOLUME, key, Set.of());
        String id = provider().rotate();
        assertNotEquals(old.keyId(), id);
        assertSame(key, provider().unwrap(VOLUME, old));
        WrappedKey renewed = provider().wrap(VOLUME, key, Set.of(old.keyId()));
        assertEquals(id, renewed.keyId());
        assertSame(key, provider().unwrap(VOLUME, renewed));
    }

    @Test
    void retire_ofWhatIsInUse_keepsIt() {
        KeyMaterial key = key();
        WrappedKey old = provider().wrap(VOLUME, key, Set.of());
        provider().rotate();
        provider().retire(Set.of(old.keyId()));
        assertSame(key, provider().unwrap(VOLUME, old));
    }

    @Test
    void messages_ofFaults_holdNoKey() {
        KeyMaterial key = key();
        WrappedKey wrapped = provider().wrap(VOLUME, key, Set.of());
        KeyFault fault = fails(KeyFault.Kind.MISMATCH, () -> provider().unwrap(OTHER, wrapped));
        assertFalse(fault.getMessage().contains(HexFormat.of().formatHex(key.bytes())));
        assertFalse(fault.getMessage().contains(wrapped.bytes()));
    }
}

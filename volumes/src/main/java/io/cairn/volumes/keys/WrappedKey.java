package io.cairn.volumes.keys;

import java.util.Base64;

/**
 * The key of a volume, encrypted with a master key: safe to keep beside the volume. {@code keyId} names the master key
 * among those of the provider; {@code bytes} is base64.
 */
public record WrappedKey(String provider, String keyId, String bytes) {
    public WrappedKey {
        if (provider.isEmpty() || keyId.isEmpty() || bytes.isEmpty()) {
            throw new IllegalArgumentException("a wrapped key has a provider, a master key and bytes");
        }
    }

    public static WrappedKey of(String provider, String keyId, byte[] wrapped) {
        return new WrappedKey(provider, keyId, Base64.getEncoder().encodeToString(wrapped));
    }

    public byte[] decoded() {
        return Base64.getDecoder().decode(bytes);
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return "key wrapped by " + provider + " " + keyId;
    }
}

package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.volumes.spec.VolumeId;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The key of one volume, encrypted with a master key: safe to keep beside the volume. {@code keyId} names the master
 * key and its version among those of the provider; {@code bytes} is base64url without padding. Source:
 * {@code docs/formats/keys.md}.
 */
public record WrappedKey(ProviderKind provider, String keyId, String bytes) {
    private static final String BOUND = "cairn-key-1:";
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._/-]{1,160}");
    private static final Pattern BYTES = Pattern.compile("[A-Za-z0-9_-]{2,4096}");

    public WrappedKey {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new IllegalArgumentException("not the id of a master key");
        }
        if (!BYTES.matcher(bytes).matches() || bytes.length() % 4 == 1) {
            throw new IllegalArgumentException("not a wrapped key in base64url");
        }
    }

    static WrappedKey of(ProviderKind provider, String keyId, byte[] wrapped) {
        return new WrappedKey(
                provider, keyId, Base64.getUrlEncoder().withoutPadding().encodeToString(wrapped));
    }

    byte[] decoded() {
        return Base64.getUrlDecoder().decode(bytes);
    }

    /** What the encryption is bound to besides its content. */
    static byte[] boundTo(ProviderKind provider, String keyId, VolumeId volume) {
        return (BOUND + provider.word() + ":" + keyId + ":" + volume).getBytes(UTF_8);
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return "key wrapped by " + provider.word() + " " + keyId;
    }
}

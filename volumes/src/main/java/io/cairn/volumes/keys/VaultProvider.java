package io.cairn.volumes.keys;

import io.cairn.host.KeyMaterial;
import io.cairn.volumes.spec.VolumeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A master key in the transit engine of HashiCorp Vault or OpenBao: it wraps and unwraps there and never comes here, so
 * that a stolen host is worth nothing once its token is revoked. The key is made there by its operators, not on first
 * need. Safe for many threads. Source: the transit secrets engine's HTTP API; {@code docs/formats/keys.md}.
 */
final class VaultProvider implements KeyProvider {
    private static final Pattern CIPHERTEXT = Pattern.compile("vault:v([1-9][0-9]{0,8}):([A-Za-z0-9+/]{2,4090}={0,2})");
    private static final byte FORM = 1;
    private static final int KEY_BYTES_MAX = 255;
    private static final int HEAD_BYTES = 2;

    private final KeySource.Vault source;
    private final VaultCalls calls;

    VaultProvider(KeySource.Vault source, VaultCalls calls) {
        this.source = source;
        this.calls = calls;
    }

    @Override
    public ProviderKind kind() {
        return ProviderKind.VAULT;
    }

    @Override
    public WrappedKey wrap(VolumeId volume, KeyMaterial key, Set<String> inUse) {
        byte[] plaintext = plaintext(volume, key);
        try {
            String text = Base64.getEncoder().encodeToString(plaintext);
            JsonNode data = calls.post("encrypt", source.key(), Map.of("plaintext", text));
            return wrapped(text(data, "ciphertext"));
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    private static byte[] plaintext(VolumeId volume, KeyMaterial key) {
        byte[] bytes = key.bytes();
        if (bytes.length > KEY_BYTES_MAX) {
            throw new IllegalArgumentException("a key of " + bytes.length + " bytes");
        }
        byte[] id = volume.text().getBytes(StandardCharsets.US_ASCII);
        byte[] plaintext = Arrays.copyOf(new byte[] {FORM, (byte) bytes.length}, HEAD_BYTES + bytes.length + id.length);
        System.arraycopy(bytes, 0, plaintext, HEAD_BYTES, bytes.length);
        System.arraycopy(id, 0, plaintext, HEAD_BYTES + bytes.length, id.length);
        return plaintext;
    }

    private WrappedKey wrapped(String ciphertext) {
        Matcher parts = CIPHERTEXT.matcher(ciphertext);
        if (!parts.matches()) {
            throw misunderstood("a ciphertext of an unknown form");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(parts.group(2));
            return WrappedKey.of(ProviderKind.VAULT, keyId(parts.group(1)), bytes);
        } catch (IllegalArgumentException malformed) {
            throw misunderstood("a ciphertext that is not base64");
        }
    }

    private String keyId(String version) {
        return source.mount() + "/" + source.key() + "/" + version;
    }

    @Override
    public KeyMaterial unwrap(VolumeId volume, WrappedKey wrapped) {
        int slash = wrapped.keyId().lastIndexOf('/');
        String version = wrapped.keyId().substring(slash + 1);
        if (wrapped.provider() != ProviderKind.VAULT || !wrapped.keyId().equals(keyId(version))) {
            throw new KeyFault(
                    KeyFault.Kind.LOST,
                    "volume %s has a key of %s; this host is set up for %s".formatted(volume, wrapped, describe()));
        }
        String ciphertext = "vault:v" + version + ":" + Base64.getEncoder().encodeToString(wrapped.decoded());
        JsonNode data = calls.post("decrypt", source.key(), Map.of("ciphertext", ciphertext));
        byte[] plaintext = decoded(text(data, "plaintext"));
        try {
            return key(volume, plaintext);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    private byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw misunderstood("a plaintext that is not base64");
        }
    }

    private static KeyMaterial key(VolumeId volume, byte[] plaintext) {
        int length = plaintext.length < HEAD_BYTES ? 0 : Byte.toUnsignedInt(plaintext[1]);
        byte[] id = volume.text().getBytes(StandardCharsets.US_ASCII);
        boolean whole = plaintext.length == HEAD_BYTES + length + id.length && plaintext[0] == FORM;
        if (!whole
                || !Arrays.equals(plaintext, HEAD_BYTES + length, plaintext.length, id, 0, id.length)
                || length == 0) {
            throw new KeyFault(
                    KeyFault.Kind.MISMATCH,
                    "the wrapped key of volume %s is another volume's, or was not wrapped by this program"
                            .formatted(volume));
        }
        byte[] key = Arrays.copyOfRange(plaintext, HEAD_BYTES, HEAD_BYTES + length);
        try {
            return new KeyMaterial(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public Optional<String> currentKeyId() {
        JsonNode latest = calls.get("keys", source.key()).path("latest_version");
        if (!latest.isInt() || latest.asInt() < 1) {
            throw misunderstood("no latest_version of the key");
        }
        return Optional.of(keyId(Integer.toString(latest.asInt())));
    }

    @Override
    public String rotate() {
        JsonNode _ = calls.post("keys", source.key() + "/rotate", Map.of());
        return currentKeyId().orElseThrow();
    }

    @Override
    public void retire(Set<String> inUse) {
        // Other hosts may need what this one does not: min_decryption_version is for the operators of the key.
    }

    @Override
    public Optional<KeyMaterial> export() {
        return Optional.empty();
    }

    @Override
    public Optional<Path> keyFile() {
        return Optional.empty();
    }

    @Override
    public String describe() {
        return "key %s in the transit engine %s at %s".formatted(source.key(), source.mount(), source.address());
    }

    private String text(JsonNode data, String name) {
        JsonNode value = data.path(name);
        if (!value.isString()) {
            throw misunderstood("no " + name);
        }
        return value.asString();
    }

    private KeyFault misunderstood(String what) {
        return new KeyFault(
                KeyFault.Kind.UNREACHABLE,
                "%s answered with %s: is it a transit engine?".formatted(source.address(), what));
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

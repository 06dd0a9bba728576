package io.cairn.volumes.keys;

import io.cairn.base.Entropy;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM: a nonce of 12 random bytes, the ciphertext, the tag of 16 bytes. Stateless. Source: NIST SP 800-38D. */
final class Seal {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;

    private Seal() {}

    static byte[] close(byte[] key, byte[] content, byte[] boundTo, Entropy entropy) {
        byte[] nonce = entropy.bytes(NONCE_BYTES);
        try {
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + content.length + TAG_BYTES);
            int written = cipher(Cipher.ENCRYPT_MODE, key, nonce, boundTo)
                    .doFinal(content, 0, content.length, sealed, NONCE_BYTES);
            if (written != content.length + TAG_BYTES) {
                throw new IllegalStateException("a seal of " + written + " bytes");
            }
            return sealed;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has AES-GCM", missing);
        }
    }

    /** The content; empty when it was not sealed by this key for this purpose. */
    static Optional<byte[]> open(byte[] key, byte[] sealed, byte[] boundTo) {
        if (sealed.length < NONCE_BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, nonce, boundTo)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
        } catch (AEADBadTagException notOurs) {
            return Optional.empty();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java has AES-GCM", missing);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] boundTo) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(boundTo);
        return cipher;
    }
}

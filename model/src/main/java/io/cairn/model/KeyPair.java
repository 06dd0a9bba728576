package io.cairn.model;

import io.cairn.base.Entropy;
import java.util.Base64;

/** An access key and its secret. The secret is in no text that this makes. */
public record KeyPair(String accessKey, String secretKey) {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ACCESS_KEY_LENGTH = 20;
    private static final int SECRET_BYTES = 30;

    /** A fresh pair: an access key of 20 letters that starts with the prefix, and a secret of 240 random bits. */
    public static KeyPair generate(String prefix, Entropy entropy) {
        StringBuilder key = new StringBuilder(prefix);
        for (byte random : entropy.bytes(ACCESS_KEY_LENGTH - prefix.length())) {
            key.append(LETTERS.charAt(random & LETTERS.length() - 1));
        }
        return new KeyPair(key.toString(), secret(entropy));
    }

    /** A fresh secret of 240 random bits, in 40 URL-safe characters. */
    public static String secret(Entropy entropy) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(entropy.bytes(SECRET_BYTES));
    }

    @Override
    public String toString() {
        return "KeyPair[" + accessKey + "]";
    }
}

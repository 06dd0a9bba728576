package io.cairn.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bearer tokens: {@code cairn1.<access key>.<expiry, Unix seconds>.<HMAC-SHA256 of the former under the secret key>}.
 * Nothing is stored; rotating or disabling the key ends all its tokens.
 */
final class Tokens {
    private static final String PREFIX = "cairn1.";

    private Tokens() {}

    static String issue(String accessKey, String secret, Instant expiry) {
        String claim = PREFIX + accessKey + "." + expiry.getEpochSecond();
        return claim + "." + mac(claim, secret);
    }

    /** The access key of a token that is genuine and has not expired. */
    static Optional<String> verify(String token, Function<String, Optional<String>> secrets, Instant now) {
        int macAt = token.lastIndexOf('.');
        int expiryAt = macAt < 0 ? -1 : token.lastIndexOf('.', macAt - 1);
        if (!token.startsWith(PREFIX) || expiryAt <= PREFIX.length()) {
            return Optional.empty();
        }
        String accessKey = token.substring(PREFIX.length(), expiryAt);
        Optional<String> secret = secrets.apply(accessKey);
        String claim = token.substring(0, macAt);
        boolean genuine = secret.isPresent()
                && MessageDigest.isEqual(
                        mac(claim, secret.get()).getBytes(StandardCharsets.US_ASCII),
                        token.substring(macAt + 1).getBytes(StandardCharsets.US_ASCII));
        return genuine && now.getEpochSecond() < expiry(token.substring(expiryAt + 1, macAt))
                ? Optional.of(accessKey)
                : Optional.empty();
    }

    private static long expiry(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    private static String mac(String claim, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(claim.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }
}

package io.cairn.console;

import io.cairn.base.Clock;
import io.cairn.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * Authenticates by HTTP Basic with an access key pair, or by a bearer token that an access key's owner was given
 * ({@link Tokens}). Secrets are compared in constant time. Thread-safe.
 */
public final class AdminAuthentication {
    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";

    private final String rootAccessKey;
    private final Function<String, Optional<String>> secrets;
    private final Clock clock;

    /** @param secrets the secret of an enabled access key, the root key included */
    public AdminAuthentication(String rootAccessKey, Function<String, Optional<String>> secrets, Clock clock) {
        this.rootAccessKey = rootAccessKey;
        this.secrets = secrets;
        this.clock = clock;
    }

    Caller authenticate(Exchange exchange) {
        String header = exchange.headers().first("authorization").orElse("");
        Optional<String> accessKey = Optional.empty();
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            accessKey = basic(header.substring(BASIC.length()).strip());
        } else if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            accessKey = Tokens.verify(header.substring(BEARER.length()).strip(), secrets, clock.now());
        }
        return accessKey
                .map(key -> new Caller(key, isRoot(key)))
                .orElseThrow(() -> new AdminRefusal(
                        401, "give an access key pair by HTTP Basic, or a bearer token from `cairn user token`"));
    }

    boolean isRoot(String accessKey) {
        return accessKey.equals(rootAccessKey);
    }

    /** A token for the access key that ends at the given time. */
    String issue(String accessKey, java.time.Instant expiry) {
        String secret =
                secrets.apply(accessKey).orElseThrow(() -> new AdminRefusal(404, "no enabled access key " + accessKey));
        return Tokens.issue(accessKey, secret, expiry);
    }

    private Optional<String> basic(String encoded) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        int colon = pair.indexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String accessKey = pair.substring(0, colon);
        byte[] given = pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        byte[] expected = secrets.apply(accessKey).orElse("").getBytes(StandardCharsets.UTF_8);
        boolean matches = MessageDigest.isEqual(expected, given) && expected.length > 0;
        return matches ? Optional.of(accessKey) : Optional.empty();
    }
}

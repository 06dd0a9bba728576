package io.cairn.wire.sigv4;

import java.util.Optional;

/** The port to the keys that a verifier accepts. Called once per signed request, from many threads. */
@FunctionalInterface
public interface SecretKeys {
    /** The secret of that access key; empty when there is none or it is disabled. */
    Optional<String> secretOf(String accessKey);
}

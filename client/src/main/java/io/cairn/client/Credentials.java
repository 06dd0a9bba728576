package io.cairn.client;

import java.util.Optional;

/** An access key and its secret. Prints as the access key alone. */
public record Credentials(String accessKey, String secret, Optional<String> sessionToken) {
    @Override
    public String toString() {
        return "Credentials[" + accessKey + "]";
    }
}

package io.cairn.wire.sigv4;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The signing keys that recent requests proved to hold, so that they are derived once a day. Only a key whose signature
 * was right is kept: strangers cannot fill it. Bounded; safe for use by many threads.
 */
final class SigningKeys {
    private static final int SIZE_MAX = 4096;

    private record Id(String secret, Scope scope) {
        @Override
        public String toString() {
            return "Id[" + scope + "]";
        }
    }

    private final ConcurrentHashMap<Id, SigningKey> keys = new ConcurrentHashMap<>();

    Optional<SigningKey> known(String secret, Scope scope) {
        return Optional.ofNullable(keys.get(new Id(secret, scope)));
    }

    void keep(String secret, Scope scope, SigningKey key) {
        if (keys.size() >= SIZE_MAX) {
            keys.clear();
        }
        keys.put(new Id(secret, scope), key);
    }
}

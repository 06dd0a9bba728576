package io.cairn.backup.redis;

import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * How we are let in: a user (empty: the default one), what gives the password when it is asked for, and TLS if the
 * server speaks it.
 */
record RedisAccess(Optional<String> user, Supplier<Optional<String>> password, Optional<SSLSocketFactory> tls) {
    static RedisAccess open() {
        return new RedisAccess(Optional.empty(), Optional::empty, Optional.empty());
    }

    @Override
    public String toString() {
        return "access of " + user.orElse("the default user");
    }
}

package io.cairn.backup.redis;

import io.cairn.base.Checks;
import java.nio.file.Path;
import java.util.Optional;

/** Where a server listens: a host and a port, or a unix socket, whose host is then {@code localhost}. */
record RedisAddress(String host, int port, Optional<Path> socket) {
    RedisAddress {
        Checks.check(socket.isPresent() || (port > 0 && port < 1 << 16), "a port is between 1 and 65535, not %s", port);
    }

    static RedisAddress of(String host, int port) {
        return new RedisAddress(host, port, Optional.empty());
    }

    static RedisAddress of(Path socket) {
        return new RedisAddress("localhost", 0, Optional.of(socket));
    }

    @Override
    public String toString() {
        return socket.map(Path::toString).orElse((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }
}

package io.cairn.http;

import io.cairn.base.Checks;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Where a server listens. */
public sealed interface Endpoint {
    /** An address and a port; port 0 takes any free one. */
    record Tcp(InetSocketAddress address) implements Endpoint {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * A unix domain socket: a file that only processes of this machine can connect to, and only those that its mode
     * allows to write. The file appears with its mode already set, replaces what a dead server left behind, and goes
     * when the server is closed. A client that ends its output is taken for gone.
     *
     * @param path absolute; its directory is made when it is missing
     */
    record Unix(Path path, Set<PosixFilePermission> mode) implements Endpoint {
        public Unix {
            Checks.check(path.isAbsolute(), "an absolute path of a socket, got %s", path);
            mode = Set.copyOf(mode);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }
}

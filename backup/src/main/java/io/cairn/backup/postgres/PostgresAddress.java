package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server is and how to talk to it, without any secret. {@code host} that begins with {@code /} is the directory
 * of a Unix socket.
 */
public record PostgresAddress(
        String host, int port, String user, String database, TlsMode tls, Optional<String> rootCertificate) {
    private static final int PORT = 5432;
    private static final int PORT_MAX = 65_535;

    /** How much of TLS is asked for; the words are those of libpq. */
    public enum TlsMode {
        /** Never. */
        DISABLE,
        /** When the server has it; whoever sits between can take it away. */
        PREFER,
        /** Always, with any certificate unless a root certificate is given. */
        REQUIRE,
        /** Always, with a certificate that the root certificate signed. */
        VERIFY_CA,
        /** And it names the host. */
        VERIFY_FULL;

        static TlsMode of(String word) {
            for (TlsMode mode : values()) {
                if (mode.word().equals(word)) {
                    return mode;
                }
            }
            throw new SourceFault.Refused(
                    "sslmode=" + word + " is not known: give disable, prefer, require, verify-ca or verify-full");
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public PostgresAddress {
        if (port < 1 || port > PORT_MAX) {
            throw new SourceFault.Refused("port " + port + " of a PostgreSQL server is not one of 1 to " + PORT_MAX);
        }
    }

    /**
     * From {@code postgres://user@host:port/database?sslmode=…&sslrootcert=FILE&host=/socket/directory}. A password in
     * it is refused, and not repeated.
     */
    public static PostgresAddress parse(URI uri) {
        String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        Map<String, String> query = query(uri);
        if (userInfo.contains(":") || query.containsKey("password")) {
            throw new SourceFault.Refused(
                    "a password does not belong into an address, where everybody sees it: put it into a file");
        }
        String host = Optional.ofNullable(query.get("host")).orElse(uri.getHost() == null ? "" : uri.getHost());
        if (host.isEmpty()) {
            throw new SourceFault.Refused("no server was named: give postgres://user@host:port, or for a Unix socket"
                    + " postgres://user@/?host=/var/run/postgresql");
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        String user = decode(userInfo);
        return new PostgresAddress(
                host.replaceAll("^\\[|]$", ""),
                uri.getPort() < 0 ? PORT : uri.getPort(),
                user.isEmpty() ? "postgres" : user,
                path.isEmpty() ? "postgres" : path,
                TlsMode.of(query.getOrDefault("sslmode", "prefer")),
                Optional.ofNullable(query.get("sslrootcert")));
    }

    /** The values after the question mark by name. */
    static Map<String, String> query(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    boolean isUnixSocket() {
        return host.startsWith("/");
    }

    /** What the snapshots are called: the place of a socket is that of this machine. */
    public SourceName name() {
        String place = (isUnixSocket() ? "local" : host.replace(':', '.')) + ":" + port;
        return new SourceName("postgres", place);
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port;
    }
}

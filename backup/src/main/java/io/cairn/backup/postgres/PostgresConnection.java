package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.base.Checks;
import io.cairn.base.Entropy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/**
 * A connection to a PostgreSQL server for replication commands. Errors: {@link SourceFault}; after one the connection
 * is of no use. One thread, but {@link #send} may be called by another while one waits in {@link #next}.
 */
final class PostgresConnection implements AutoCloseable {
    private static final int PROTOCOL = 3 << 16;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int CONNECT_MILLIS = 15_000;
    private static final int START_MILLIS = 60_000;
    private static final int KEEP_ALIVE_SECONDS = 20;
    private static final int KEEP_ALIVE_COUNT = 3;

    private final PostgresAddress address;
    private final AutoCloseable transport;
    private final Wire wire;
    private final Optional<byte[]> binding;
    private final boolean encrypted;
    private final Map<String, String> parameters = new HashMap<>();
    private Consumer<ServerError> notices = _ -> {};
    private Optional<String> failedWith = Optional.empty();

    private PostgresConnection(
            PostgresAddress address, AutoCloseable transport, Wire wire, boolean encrypted, Optional<byte[]> binding) {
        this.address = address;
        this.transport = transport;
        this.wire = wire;
        this.encrypted = encrypted;
        this.binding = binding;
    }

    /**
     * Connects and logs in as a physical replica.
     *
     * @param password asked for only when the server wants one
     */
    static PostgresConnection open(
            PostgresAddress address, Supplier<Optional<byte[]>> password, String applicationName, Entropy entropy) {
        Optional<PostgresConnection> half = Optional.empty();
        try {
            PostgresConnection connection = address.isUnixSocket() ? local(address) : overNetwork(address);
            half = Optional.of(connection);
            connection.start(applicationName);
            new LogIn(connection, address, password, entropy).run();
            half = Optional.empty();
            return connection;
        } catch (IOException failed) {
            throw new SourceFault.Unreachable(
                    "cannot connect to PostgreSQL at " + address + ": " + reason(failed)
                            + "; is the server running there, and does listen_addresses let this machine in?",
                    failed);
        } finally {
            half.ifPresent(PostgresConnection::close);
        }
    }

    private static String reason(IOException failed) {
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }

    private static PostgresConnection local(PostgresAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(address.host() + "/.s.PGSQL." + address.port()));
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
        Wire wire = new Wire(Channels.newInputStream(channel), Channels.newOutputStream(channel));
        return new PostgresConnection(address, channel, wire, true, Optional.empty());
    }

    private static PostgresConnection overNetwork(PostgresAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_COUNT);
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            socket.setSoTimeout(START_MILLIS);
            if (address.tls() != PostgresAddress.TlsMode.DISABLE && serverHasTls(socket, address)) {
                SSLSocket secure = Tls.over(socket, address);
                Wire wire = new Wire(secure.getInputStream(), secure.getOutputStream());
                return new PostgresConnection(address, secure, wire, true, Tls.binding(secure));
            }
            Wire wire = new Wire(socket.getInputStream(), socket.getOutputStream());
            return new PostgresConnection(address, socket, wire, false, Optional.empty());
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private static boolean serverHasTls(Socket socket, PostgresAddress address) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(2 * Integer.BYTES)
                        .putInt(2 * Integer.BYTES)
                        .putInt(SSL_REQUEST)
                        .array());
        // One byte exactly: what came with it would be taken for something that was encrypted.
        int answer = socket.getInputStream().read();
        if (answer == 'S') {
            return true;
        }
        if (answer != 'N') {
            throw new IOException(answer < 0 ? "it closed the connection" : "what answers there is not PostgreSQL");
        }
        if (address.tls() != PostgresAddress.TlsMode.PREFER) {
            throw new SourceFault.Refused("PostgreSQL at " + address + " has no TLS, and sslmode="
                    + address.tls().word() + " asks for it; set ssl=on on the server");
        }
        return false;
    }

    private void start(String applicationName) throws IOException {
        var body = new ByteArrayOutputStream();
        body.write(ByteBuffer.allocate(Integer.BYTES).putInt(PROTOCOL).array());
        for (String word : List.of(
                "user",
                address.user(),
                "replication",
                "true",
                "application_name",
                applicationName,
                "client_encoding",
                "UTF8",
                "options",
                "-c datestyle=ISO")) {
            body.write(Wire.text(word));
        }
        body.write(0);
        wire.sendUntyped(body.toByteArray());
    }

    /** The server is ready for the first command: it may take its time from here on. */
    void started() throws IOException {
        if (transport instanceof Socket socket) {
            socket.setSoTimeout(0);
        }
    }

    Wire wire() {
        return wire;
    }

    /** True when nobody else can read what is sent. */
    boolean isEncrypted() {
        return encrypted;
    }

    Optional<byte[]> binding() {
        return binding;
    }

    PostgresAddress address() {
        return address;
    }

    /** Who is told of warnings. */
    void notices(Consumer<ServerError> listener) {
        notices = listener;
    }

    /** The type of the next message that is not an error, a notice or a setting; its body is in {@link #body}. */
    char next() {
        try {
            while (true) {
                char type = wire.next();
                switch (type) {
                    case 'E' -> throw new ServerFault(ServerError.read(wire.body()), address);
                    case 'N' -> notices.accept(ServerError.read(wire.body()));
                    case 'S' -> {
                        Wire.Body body = wire.body();
                        parameters.put(body.text(), body.text());
                    }
                    default -> {
                        return type;
                    }
                }
            }
        } catch (ServerFault fault) {
            failedWith = Optional.of(fault.error.code());
            throw fault.sentence();
        } catch (IOException failed) {
            throw lost(failed);
        }
    }

    /** An error on its way to {@link #next}. */
    private static final class ServerFault extends IOException {
        private final transient ServerError error;
        private final transient PostgresAddress address;

        ServerFault(ServerError error, PostgresAddress address) {
            super(error.message());
            this.error = error;
            this.address = address;
        }

        SourceFault sentence() {
            return error.fault(address);
        }
    }

    /** The SQLSTATE of the last error of the server. */
    Optional<String> failedWith() {
        return failedWith;
    }

    /** After an error of a command, reads on until the server is ready for another. */
    void recover() {
        while (next() != 'Z') {
            continue;
        }
    }

    SourceFault lost(IOException failed) {
        return new SourceFault.Unreachable(
                "the connection to PostgreSQL at " + address + " was lost: " + reason(failed) + "; try again", failed);
    }

    Wire.Body body() {
        return wire.body();
    }

    void send(char type, byte[]... parts) {
        try {
            wire.send(type, parts);
        } catch (IOException failed) {
            throw lost(failed);
        }
    }

    /** Sends a command whose answers the caller reads with {@link #next}. */
    void command(String text) {
        send('Q', Wire.text(text));
    }

    /** Runs a command; its rows as text, null values as empty texts. */
    List<List<String>> query(String command) {
        command(command);
        List<List<String>> rows = new ArrayList<>();
        while (true) {
            char type = next();
            switch (type) {
                case 'D' -> rows.add(row());
                case 'Z' -> {
                    return rows;
                }
                case 'T', 'C', 'I' -> {}
                default -> throw unexpected(type, command);
            }
        }
    }

    /** The values of the row that came last. */
    List<String> row() {
        try {
            Wire.Body body = wire.body();
            int count = body.int16();
            List<String> values = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int length = body.int32();
                values.add(length < 0 ? "" : new String(body.raw(length), java.nio.charset.StandardCharsets.UTF_8));
            }
            return values;
        } catch (IOException broken) {
            throw lost(broken);
        }
    }

    /** One setting of the server. */
    String show(String setting) {
        Checks.check(setting.matches("[a-z_]+"), "a setting is a word, not %s", setting);
        List<List<String>> rows = query("SHOW " + setting);
        return rows.isEmpty() ? "" : rows.getFirst().getFirst();
    }

    /** What to say of a message that does not belong there. */
    SourceFault unexpected(char type, String command) {
        return new SourceFault.Damaged("PostgreSQL at " + address + " answered " + command.split(" ")[0]
                + " with a message of type '" + type + "', which does not belong there");
    }

    @Override
    public void close() {
        try (transport) {
            wire.send('X');
        } catch (Exception alreadyGone) {
            // The server ends the session when the connection is gone, too.
            return;
        }
    }
}

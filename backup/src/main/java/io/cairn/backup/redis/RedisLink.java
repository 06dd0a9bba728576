package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import io.cairn.containers.UnixSocket;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connection to one Redis server, on which we are already let in. Errors: {@link SourceFault} with a sentence. One
 * thread.
 */
final class RedisLink implements AutoCloseable {
    private static final int CONNECT_MILLIS_MAX = 10_000;
    /** A server sends a newline every second while it waits and forks, and waits for other replicas first. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(120);

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int BULK_BYTES_MAX = 64 << 20;
    private static final int LINE_BYTES_MAX = 64 << 10;

    private final RedisAddress address;
    private final InputStream in;
    private final OutputStream out;
    private final Closeable connection;

    private RedisLink(RedisAddress address, InputStream in, OutputStream out, Closeable connection) {
        this.address = address;
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
        this.out = out;
        this.connection = connection;
    }

    static RedisLink open(RedisAddress address, RedisAccess access) {
        RedisLink link = connect(address, access);
        try {
            access.password().get().ifPresent(password -> link.authenticate(access.user(), password));
            if (link.ask("PING") instanceof Reply.Failure failure) {
                throw Refusal.of(address, "PING", failure);
            }
            return link;
        } catch (RuntimeException fault) {
            link.close();
            throw fault;
        }
    }

    private static RedisLink connect(RedisAddress address, RedisAccess access) {
        try {
            if (address.socket().isPresent()) {
                UnixSocket socket = UnixSocket.connect(address.socket().get(), SILENCE_MAX);
                return new RedisLink(address, socket.in(), socket.out(), socket);
            }
            Socket socket = connected(address, access.tls());
            return new RedisLink(address, socket.getInputStream(), socket.getOutputStream(), socket);
        } catch (SSLException refused) {
            throw new SourceFault.Unreachable(
                    "no TLS with Redis " + address + " (" + refused.getMessage()
                            + "); give its authority as ?ca=FILE, or use redis:// if it speaks none",
                    refused);
        } catch (IOException failed) {
            throw new SourceFault.Unreachable(
                    "Redis " + address + " cannot be reached (" + failed.getMessage()
                            + "); check the address, and that it listens for this machine",
                    failed);
        }
    }

    private static Socket connected(RedisAddress address, Optional<SSLSocketFactory> tls) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS_MAX);
            socket.setSoTimeout((int) SILENCE_MAX.toMillis());
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            return tls.isPresent() ? secured(socket, address, tls.get()) : socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private static Socket secured(Socket socket, RedisAddress address, SSLSocketFactory factory) throws IOException {
        SSLSocket secured = (SSLSocket) factory.createSocket(socket, address.host(), address.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private void authenticate(Optional<String> user, String password) {
        Reply reply = user.isPresent() ? ask("AUTH", user.get(), password) : ask("AUTH", password);
        if (reply instanceof Reply.Failure failure) {
            throw Refusal.of(address, "AUTH", failure);
        }
    }

    RedisAddress address() {
        return address;
    }

    /** Sends a command and reads its answer, which may be a failure. */
    Reply ask(String... command) {
        try {
            send(command);
            return read();
        } catch (IOException gone) {
            throw lost(gone);
        }
    }

    /** The text of an answer; a failure is thrown as a sentence. */
    String text(String... command) {
        return switch (ask(command)) {
            case Reply.Status status -> status.text();
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Whole whole -> String.valueOf(whole.value());
            case Reply.Failure failure -> throw Refusal.of(address, command[0], failure);
            case Reply.Nil _, Reply.Many _ -> throw unexpected(command[0]);
        };
    }

    /** The fields of a section of INFO. */
    Map<String, String> info(String section) {
        return RedisInfo.fields(text("INFO", section));
    }

    /** A setting, if there is such and we may read it. */
    Optional<String> setting(String name) {
        return ask("CONFIG", "GET", name) instanceof Reply.Many(List<Reply> items)
                        && items.size() == 2
                        && items.get(1) instanceof Reply.Bulk value
                ? Optional.of(value.text())
                : Optional.empty();
    }

    private void send(String... command) throws IOException {
        var request = new ByteArrayOutputStream();
        request.writeBytes(ascii("*" + command.length + "\r\n"));
        for (String word : command) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            request.writeBytes(ascii("$" + bytes.length + "\r\n"));
            request.writeBytes(bytes);
            request.writeBytes(ascii("\r\n"));
        }
        out.write(request.toByteArray());
        out.flush();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Reply read() throws IOException {
        String line = line();
        while (line.isEmpty()) {
            // A server that forks for us says that it is still there.
            line = line();
        }
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> new Reply.Status(rest);
            case '-' -> new Reply.Failure(rest);
            case ':' -> new Reply.Whole(number(rest));
            case '$' -> bulk(number(rest));
            case '*' -> many(number(rest));
            default -> throw unexpected("what was asked");
        };
    }

    private Reply bulk(long length) throws IOException {
        if (length < 0) {
            return new Reply.Nil();
        }
        if (length > BULK_BYTES_MAX) {
            throw unexpected("what was asked");
        }
        byte[] bytes = in.readNBytes((int) length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("the connection ended within an answer");
        }
        return new Reply.Bulk(Arrays.copyOf(bytes, (int) length));
    }

    private Reply many(long count) throws IOException {
        if (count > 1 << 16) {
            throw unexpected("what was asked");
        }
        List<Reply> items = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            items.add(read());
        }
        return new Reply.Many(items);
    }

    private long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new SourceFault.Refused(address + " does not speak as Redis does");
        }
    }

    /** Up to the next line feed, without it and the carriage return before. */
    String line() throws IOException {
        var line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            if (line.length() > LINE_BYTES_MAX) {
                throw unexpected("what was asked");
            }
            line.append((char) next);
            next = in.read();
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    /** The bytes that follow the last answer. */
    InputStream raw() {
        return in;
    }

    SourceFault lost(IOException gone) {
        return new SourceFault.Unreachable(
                "the connection to Redis " + address + " broke (" + gone.getMessage()
                        + "); its log says why; then run the backup again",
                gone);
    }

    private SourceFault unexpected(String verb) {
        return new SourceFault.Refused(address + " does not answer " + verb + " as Redis does; is it Redis?");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException _) {
            // Nothing is lost: all that was asked for has been read, or the run fails anyway.
        }
    }
}

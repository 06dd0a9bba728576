package io.cairn.backup.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A server on loopback that does what a script says, for one connection after the other. */
final class FakePostgres implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread thread;

    /** What a server does with a connection. */
    interface Script {
        void run(Session session) throws IOException;
    }

    FakePostgres(Script script) {
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        thread = Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    script.run(new Session(socket));
                } catch (IOException clientLeft) {
                    continue;
                }
            }
        });
    }

    /** The server's end of a connection. */
    static final class Session {
        final DataInputStream in;
        final OutputStream out;
        final int port;

        Session(Socket socket) throws IOException {
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            port = socket.getLocalPort();
        }

        /** Reads the start, saying no to TLS. */
        String start() throws IOException {
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            if (body.length == Integer.BYTES) {
                out.write('N');
                return start();
            }
            return new String(body, StandardCharsets.UTF_8);
        }

        /** Reads a message: its type, then its body. */
        String receive() throws IOException {
            char type = (char) in.readByte();
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            return type + new String(body, StandardCharsets.UTF_8);
        }

        void send(char type, byte[] body) throws IOException {
            out.write(ByteBuffer.allocate(1 + Integer.BYTES + body.length)
                    .put((byte) type)
                    .putInt(Integer.BYTES + body.length)
                    .put(body)
                    .array());
            out.flush();
        }

        void request(int kind, byte[] rest) throws IOException {
            send(
                    'R',
                    ByteBuffer.allocate(Integer.BYTES + rest.length)
                            .putInt(kind)
                            .put(rest)
                            .array());
        }

        void error(String code, String message) throws IOException {
            send('E', ("VFATAL\0C" + code + "\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8));
        }

        /** Lets the client in without a question. */
        void welcome() throws IOException {
            start();
            request(0, new byte[0]);
            send('S', "server_version\00015.0\0".getBytes(StandardCharsets.UTF_8));
            ready();
        }

        void ready() throws IOException {
            send('Z', new byte[] {'I'});
        }

        void row(List<String> values) throws IOException {
            var body = new ByteArrayOutputStream();
            body.write(ByteBuffer.allocate(2).putShort((short) values.size()).array());
            for (String value : values) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                body.write(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                body.write(bytes);
            }
            send('D', body.toByteArray());
        }

        /** One result of one row. */
        void result(List<String> values) throws IOException {
            send('T', new byte[2]);
            row(values);
            send('C', Wire.text("SELECT"));
        }
    }

    PostgresAddress address() {
        return PostgresAddress.parse(java.net.URI.create("postgres://anna@127.0.0.1:" + listener.getLocalPort()));
    }

    @Override
    public void close() {
        try {
            listener.close();
            thread.join();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

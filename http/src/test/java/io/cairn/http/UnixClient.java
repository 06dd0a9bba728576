package io.cairn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client of a unix socket that sends exactly what it is told to. Used by one thread. */
final class UnixClient implements AutoCloseable {
    private final SocketChannel channel;

    UnixClient(Path path) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    UnixClient send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** Everything up to the end of the connection. */
    String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toString(ISO_8859_1);
    }

    /** One request with an answer, on a connection of its own. */
    static String get(Path path, String target) throws IOException {
        try (UnixClient client = new UnixClient(path)) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

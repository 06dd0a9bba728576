package io.cairn.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * HTTP on one kept connection to a unix socket, as a Docker Engine speaks to its plugins: POST with a length and no
 * content type. Understands answers with a length only. Used by one thread.
 */
public final class UnixCalls implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER).flip();

    /** What came back: the status, and the body. */
    public record Answer(int status, String text) {}

    public UnixCalls(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    /** Sends any bytes as the body and waits for the answer. */
    public Answer post(String path, byte[] body) throws IOException {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: plugin.moby.localhost\r\nUser-Agent: Go-http-client/1.1\r\n"
                        + "Content-Length: " + body.length
                        + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .flip();
        while (request.hasRemaining()) {
            int _ = channel.write(request);
        }
        return receive();
    }

    private Answer receive() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String name = "content-length:";
            if (header.regionMatches(true, 0, name, 0, name.length())) {
                length = Integer.parseInt(header.substring(name.length()).strip());
            }
        }
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = next();
        }
        return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (byte b = next(); b != '\n'; b = next()) {
            text.append((char) b);
        }
        return text.toString().strip();
    }

    private byte next() throws IOException {
        if (!received.hasRemaining()) {
            received.clear();
            int read = channel.read(received);
            received.flip();
            if (read < 0) {
                throw new EOFException("the other side closed the connection");
            }
        }
        return received.get();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

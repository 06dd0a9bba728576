package io.cairn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * One HTTP/1.1 request over a unix socket, which the HTTP client of the platform does not speak. Each has a connection
 * of its own, and an answer of a known length. Stateless.
 */
final class UnixHttp {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final String LENGTH = "content-length:";

    private UnixHttp() {}

    /** An answer. */
    record Answer(int status, byte[] body) {}

    /** Sends a request and waits for its answer as long as it takes. */
    static Answer call(Path socket, String method, String target, byte[] body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            byte[] head = (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            ByteBuffer request =
                    ByteBuffer.allocate(head.length + body.length).put(head).put(body);
            request.flip();
            while (request.hasRemaining()) {
                channel.write(request);
            }
            return parsed(everything(channel));
        }
    }

    private static byte[] everything(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    private static Answer parsed(byte[] answer) throws IOException {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || end < 0) {
            throw new IOException("the daemon ended the connection without an answer");
        }
        byte[] body = Arrays.copyOfRange(answer, end + 4, answer.length);
        for (String line : text.substring(0, end).toLowerCase(Locale.ROOT).split("\r\n")) {
            if (line.startsWith(LENGTH)
                    && Long.parseLong(line.substring(LENGTH.length()).strip()) != body.length) {
                throw new IOException("the daemon ended the connection within its answer");
            }
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), body);
    }
}

package io.cairn.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;

/** Speaks to a plugin as Docker's engine does: HTTP/1.1 on a kept connection, an empty Host. Used by one thread. */
final class Engine implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    Engine(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    /** An answer as read. */
    record Answer(int status, String contentType, String body) {}

    Answer call(String target, String body) throws IOException {
        send(target, body.getBytes(UTF_8));
        return answer();
    }

    void send(String target, byte[] body) throws IOException {
        String head = "POST " + target + " HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
                + body.length + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n";
        byte[] start = head.getBytes(ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(start.length + body.length);
        all.put(start).put(body).flip();
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    Answer answer() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        int length = 0;
        String type = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("content-type:")) {
                type = lower.substring(13).strip();
            }
        }
        return new Answer(status, type, new String(in.readNBytes(length), UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package io.cairn.containers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket that gives the answers that it was told, by the first line of a request. Any thread. */
final class FakeEngine implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeEngine(Path socket) throws IOException {
        channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        answer("GET /_ping", "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK");
        Thread.startVirtualThread(this::accept);
    }

    void answer(String request, String bytes) {
        answers.put(request, bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    void json(String request, String body) {
        answer(request, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = channel.accept();
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            String request = request(client);
            asked.add(request);
            String first = request.split("\r\n", 2)[0].replace(" HTTP/1.1", "");
            byte[] answer = answers.getOrDefault(
                    first, "HTTP/1.1 404 no\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.ISO_8859_1));
            ByteBuffer out = ByteBuffer.wrap(answer);
            while (out.hasRemaining()) {
                int _ = client.write(out);
            }
        } catch (IOException gone) {
            // The client went away.
        }
    }

    private static String request(SocketChannel client) throws IOException {
        var all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (!whole(all.toString(StandardCharsets.ISO_8859_1)) && client.read(buffer.clear()) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean whole(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String length = text.substring(0, end).replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
        return text.length() >= end + 4 + Integer.parseInt(length);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

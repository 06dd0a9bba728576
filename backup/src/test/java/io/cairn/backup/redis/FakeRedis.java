package io.cairn.backup.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers commands on loopback as told, and closes the connection after PSYNC. Any thread. */
final class FakeRedis implements AutoCloseable {
    private final ServerSocket socket;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeRedis() {
        try {
            socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        answer("PING", "+PONG\r\n");
        answer("REPLCONF", "+OK\r\n");
        bulk("INFO cluster", "cluster_enabled:0\r\n");
        bulk("INFO replication", "role:master\r\nmaster_repl_offset:42\r\n");
        Thread.startVirtualThread(this::accept);
    }

    /** The bytes that answer every command that begins so; the longest beginning counts. */
    void answer(String command, String bytes) {
        answers.put(command, bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    void bulk(String command, String text) {
        answer(command, "$" + text.length() + "\r\n" + text + "\r\n");
    }

    /** What PSYNC is answered with: the promise, {@code before}, and the bytes. */
    void copy(String before, byte[] rdb, String after) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(
                ("\n\n+FULLRESYNC " + SampleRdb.REPLID + " 42\r\n" + before).getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(rdb);
        out.writeBytes(after.getBytes(StandardCharsets.ISO_8859_1));
        answers.put("PSYNC", out.toByteArray());
    }

    RedisAddress address() {
        return RedisAddress.of("127.0.0.1", socket.getLocalPort());
    }

    String url() {
        return "redis://" + address();
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            List<String> words = command(in);
            while (!words.isEmpty()) {
                String command = String.join(" ", words);
                asked.add(command);
                out.write(answerTo(command));
                out.flush();
                if (command.startsWith("PSYNC")) {
                    return;
                }
                words = command(in);
            }
        } catch (IOException gone) {
            // The client went away.
        }
    }

    private byte[] answerTo(String command) {
        return answers.entrySet().stream()
                .filter(entry -> command.startsWith(entry.getKey()))
                .max(java.util.Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(("-ERR unknown command '" + command + "'\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> command(InputStream in) throws IOException {
        List<String> words = new ArrayList<>();
        String head = line(in);
        int count = head.isEmpty() ? 0 : Integer.parseInt(head.substring(1));
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(line(in).substring(1));
            words.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
            in.skipNBytes(2);
        }
        return words;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = in.read();
        }
        return line.toString().strip();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}

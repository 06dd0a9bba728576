package io.cairn.host.report;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.host.HostReport.Fact;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Whether Docker Engine answers on its socket, within seconds. Stateless. */
final class DockerPing {
    private static final int BOUND_MILLIS = 3_000;
    private static final int ANSWER_BYTES_MAX = 4096;
    private static final String REQUEST = "GET /_ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final Path socket;

    DockerPing(Path socket) {
        this.socket = socket;
    }

    Fact fact() {
        if (!Files.exists(socket)) {
            return new Fact(
                    "Docker",
                    false,
                    "no Docker Engine at " + socket + ": nothing will ask for volumes but the" + " command line");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(REQUEST.getBytes(US_ASCII)));
            channel.configureBlocking(false);
            return judged(answer(channel));
        } catch (IOException failure) {
            return new Fact(
                    "Docker", false, "Docker Engine at " + socket + " does not answer: " + failure.getMessage());
        }
    }

    private static String answer(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ANSWER_BYTES_MAX);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            boolean open = true;
            while (open && buffer.hasRemaining() && !text(buffer).contains("\r\n\r\n")) {
                if (selector.select(BOUND_MILLIS) == 0) {
                    throw new IOException("nothing came within " + BOUND_MILLIS + " ms");
                }
                selector.selectedKeys().clear();
                open = channel.read(buffer) >= 0;
            }
        }
        return text(buffer);
    }

    private static String text(ByteBuffer buffer) {
        return new String(buffer.array(), 0, buffer.position(), US_ASCII);
    }

    private Fact judged(String answer) {
        if (!answer.startsWith("HTTP/1.1 200")) {
            String first = answer.lines().findFirst().orElse("nothing").replaceAll("[^\\x20-\\x7e]", "?");
            return new Fact("Docker", false, "Docker Engine at " + socket + " answers: " + first);
        }
        String version =
                header(answer, "api-version").map(value -> ", API " + value).orElse("");
        return new Fact("Docker", true, "Docker Engine answers at " + socket + version);
    }

    static Optional<String> header(String answer, String name) {
        return answer.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().replaceAll("[^\\x20-\\x7e]", "?"))
                .findFirst();
    }
}

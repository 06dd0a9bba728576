package io.cairn.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listening on a unix socket: the file's life, and what a client there can do. */
@Timeout(30)
class UnixSocketTest {
    @TempDir
    private Path directory;

    private static HttpServer listen(Path path, boolean epoll, Handler handler) {
        var socket = new Endpoint.Unix(path, PosixFilePermissions.fromString("rw-------"));
        return HttpServer.start(
                HttpServerOptions.unix(socket)
                        .withEpoll(epoll)
                        .withTimeouts(HttpTestServer.timeouts(Duration.ofSeconds(20))),
                handler);
    }

    private static HttpServer listen(Path path) {
        return listen(path, true, UnixSocketTest::echoTarget);
    }

    private static void echoTarget(Exchange exchange) {
        exchange.send(200, HeaderList.empty(), exchange.target().getBytes(UTF_8));
    }

    private static String refusal(Path path) {
        return String.valueOf(
                assertThrows(UncheckedIOException.class, () -> listen(path)).getMessage());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void socket_whileServed_answersAndIsGoneAfterwards(boolean epoll) throws Exception {
        Path path = directory.resolve("below/it.sock");
        try (HttpServer server = listen(path, epoll, UnixSocketTest::echoTarget)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertTrue(UnixClient.get(path, "/a").endsWith("\r\n\r\n/a"));
            assertTrue(UnixClient.get(path, "/b").endsWith("\r\n\r\n/b"));
            assertEquals(2, server.stats().requestsTotal());
        }
        assertTrue(Files.isDirectory(path.getParent()));
        try (Stream<Path> left = Files.list(path.getParent())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void socket_ofADeadServer_isReplaced() throws Exception {
        Path path = directory.resolve("it.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        // What a crash in the middle of listening leaves behind.
        Files.createDirectory(directory.resolve(".it.sock.d"));
        Files.createFile(directory.resolve(".it.sock.d/s"));
        Files.writeString(directory.resolve(".it.sock.lock"), "4711");
        try (HttpServer _ = listen(path)) {
            assertTrue(UnixClient.get(path, "/a").endsWith("/a"));
            assertEquals(List.of(".it.sock.lock", "it.sock"), names());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void socket_ofALiveServer_isRefusedAndLeftAlone() throws Exception {
        Path path = directory.resolve("it.sock");
        try (HttpServer _ = listen(path)) {
            assertTrue(refusal(path).contains("already listens"), refusal(path));
            assertTrue(UnixClient.get(path, "/a").endsWith("/a"));
        }
        try (HttpServer _ = listen(path)) {
            assertTrue(UnixClient.get(path, "/b").endsWith("/b"));
        }
    }

    @Test
    void socket_ofAForeignLiveServer_isRefusedAndLeftAlone() throws Exception {
        Path path = directory.resolve("it.sock");
        try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(path));
            assertTrue(refusal(path).contains("another program already listens on " + path), refusal(path));
            assertEquals(List.of("it.sock"), names());
        }
    }

    @Test
    void socket_claimedByAnotherProcess_isRefusedWithItsId() throws Exception {
        Path path = directory.resolve("it.sock");
        Path lock = directory.resolve(".it.sock.lock");
        // flock(1) takes another kind of lock; a JVM is needed to hold this one.
        Path source = directory.resolve("Holder.java");
        Files.writeString(source, """
                void main(String[] args) throws Exception {
                    var file = new java.io.RandomAccessFile(args[0], "rw");
                    var lock = file.getChannel().lock();
                    file.writeBytes("12345");
                    IO.println("held");
                    System.in.read();
                }
                """);
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        source.toString(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = holder.inputReader(UTF_8)) {
            assertEquals("held", said.readLine());
            assertTrue(refusal(path).contains("another process (12345) already listens"), refusal(path));
        } finally {
            holder.destroyForcibly();
            holder.waitFor();
        }
        try (HttpServer _ = listen(path)) {
            assertTrue(UnixClient.get(path, "/a").endsWith("/a"));
        }
    }

    @Test
    void path_withSomethingElse_isRefusedAndLeftAlone() throws Exception {
        Path path = directory.resolve("it.sock");
        Files.writeString(path, "mine");
        assertTrue(refusal(path).contains("is not a socket"), refusal(path));
        assertEquals("mine", Files.readString(path));
        assertEquals(List.of("it.sock"), names());
    }

    @Test
    void path_tooLong_isRefused() throws Exception {
        assertTrue(refusal(directory.resolve("x".repeat(100))).contains("too long for the kernel"));
        assertEquals(List.of(), names());
    }

    @Test
    void path_thatANewServerTook_isNotRemovedByTheOldOne() throws Exception {
        Path path = directory.resolve("it.sock");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (HttpServer _ = listen(path)) {
                Files.delete(path);
                other.bind(UnixDomainSocketAddress.of(path));
            }
            assertEquals(List.of("it.sock"), names());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void client_thatLeaves_isSeenByTheHandler(boolean epoll) throws Exception {
        Path path = directory.resolve("it.sock");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        AtomicBoolean atFirst = new AtomicBoolean();
        Handler handler = exchange -> {
            byte[] body = new byte[16];
            assertEquals(2, exchange.body().readFully(body, 0, body.length));
            atFirst.set(exchange.connected());
            begun.countDown();
            HttpTestServer.eventually("the client is gone", () -> !exchange.connected());
            seen.countDown();
            exchange.send(200, HeaderList.empty(), new byte[0]);
        };
        try (HttpServer server = listen(path, epoll, handler)) {
            try (UnixClient client = new UnixClient(path)) {
                client.send("POST / HTTP/1.1\r\nHost: \r\nContent-Length: 2\r\n\r\n{}");
                assertTrue(begun.await(10, TimeUnit.SECONDS));
                assertFalse(seen.await(50, TimeUnit.MILLISECONDS));
            }
            assertTrue(seen.await(10, TimeUnit.SECONDS));
            assertTrue(atFirst.get());
            HttpTestServer.eventually("all is over", () -> server.stats().requestsRunning() == 0);
        }
    }
}

package io.cairn.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cairn.http.Exchange;
import io.cairn.http.HeaderList;
import io.cairn.http.HttpServer;
import io.cairn.http.HttpServerOptions;
import io.cairn.http.ResponseBody;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * Cairn's HTTP edge against a bare Netty server, both with trivial handlers, in one run. Arguments: seconds per row
 * (default 5), event loops (default 1); {@code serve PORT LOOPS} only serves, for load generators of one's own.
 */
public final class HttpBench {
    private static final byte[] SMALL = new byte[BareNettyServer.SMALL_BYTES];
    private static final byte[] LARGE = new byte[BareNettyServer.LARGE_BYTES];
    private static final ByteBuffer LARGE_DIRECT = ByteBuffer.allocateDirect(BareNettyServer.LARGE_BYTES);
    private static final int PUT_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int BLOCK_BYTES = 128 << 10;

    private HttpBench() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 2 && arguments[0].equals("serve")) {
            int port = Integer.parseInt(arguments[1]);
            int loops = Integer.parseInt(arguments[2]);
            HttpServer server = cairn(port, loops);
            BareNettyServer bare = BareNettyServer.start(new InetSocketAddress("127.0.0.1", port + 1), loops);
            System.out.println("Cairn on " + server.address() + ", bare Netty on " + bare.address());
            Thread.currentThread().join();
        }
        Duration time = Duration.ofSeconds(arguments.length > 0 ? Long.parseLong(arguments[0]) : 5);
        int loops = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        try (HttpServer server = cairn(0, loops);
                BareNettyServer bare = BareNettyServer.start(new InetSocketAddress("127.0.0.1", 0), loops)) {
            compare("GET 4 KiB, 32 connections", server, bare, get("/4k"), 32, time);
            compare("GET 16 MiB heap, 4 connections", server, bare, get("/16m"), 4, time);
            compare("GET 16 MiB direct, 4 connections", server, bare, get("/16m?direct"), get("/16m"), 4, time);
            compare("PUT 1 MiB, 8 connections", server, bare, put(), 8, time);
        }
    }

    private static HttpServer cairn(int port, int loops) {
        InetSocketAddress bind = new InetSocketAddress("127.0.0.1", port);
        return HttpServer.start(HttpServerOptions.defaults(bind).withEventLoops(loops), HttpBench::handle);
    }

    private static void handle(Exchange exchange) {
        switch (exchange.target()) {
            case "/4k" -> exchange.send(200, HeaderList.empty(), SMALL);
            case "/16m" -> {
                try (ResponseBody body = exchange.open(200, HeaderList.empty(), LARGE.length)) {
                    for (int at = 0; at < LARGE.length; at += PIECE_BYTES) {
                        body.write(LARGE, at, PIECE_BYTES);
                    }
                }
            }
            case "/16m?direct" -> {
                try (ResponseBody body = exchange.open(200, HeaderList.empty(), LARGE.length)) {
                    for (int at = 0; at < LARGE.length; at += PIECE_BYTES) {
                        body.write(LARGE_DIRECT.slice(at, PIECE_BYTES));
                    }
                }
            }
            default -> {
                byte[] block = new byte[BLOCK_BYTES];
                int total = 0;
                for (int count = 1; count > 0; total += count) {
                    count = exchange.body().readFully(block, 0, block.length);
                }
                exchange.send(total == PUT_BYTES ? 200 : 400, HeaderList.empty(), new byte[0]);
            }
        }
    }

    private static byte[] get(String target) {
        return ("GET " + target + " HTTP/1.1\r\nHost: bench\r\n\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] put() {
        byte[] head =
                ("PUT /put HTTP/1.1\r\nHost: bench\r\nContent-Length: " + PUT_BYTES + "\r\n\r\n").getBytes(ISO_8859_1);
        return Arrays.copyOf(head, head.length + PUT_BYTES);
    }

    private static void compare(
            String name, HttpServer server, BareNettyServer bare, byte[] request, int connections, Duration time)
            throws InterruptedException {
        compare(name, server, bare, request, request, connections, time);
    }

    private static void compare(
            String name,
            HttpServer server,
            BareNettyServer bare,
            byte[] request,
            byte[] control,
            int connections,
            Duration time)
            throws InterruptedException {
        Duration warmUp = time.dividedBy(2);
        HttpLoad.run(bare.address(), control, connections, warmUp);
        HttpLoad.run(server.address(), request, connections, warmUp);
        HttpLoad.Result theirs = HttpLoad.run(bare.address(), control, connections, time);
        HttpLoad.Result ours = HttpLoad.run(server.address(), request, connections, time);
        System.out.printf(
                "%-34s bare Netty %8.0f/s p99 %6.1f ms | Cairn %8.0f/s p99 %6.1f ms | %3.0f %%%n",
                name,
                theirs.perSecond(),
                theirs.millisAt(99),
                ours.perSecond(),
                ours.millisAt(99),
                100 * ours.perSecond() / theirs.perSecond());
    }
}

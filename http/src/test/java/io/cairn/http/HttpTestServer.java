package io.cairn.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A server on a free loopback port that checks, when closed, that nothing is left behind. */
final class HttpTestServer implements AutoCloseable {
    static {
        LeakWatch.install();
    }

    final HttpServer server;

    HttpTestServer(Handler handler) {
        this(options -> options, handler);
    }

    HttpTestServer(UnaryOperator<HttpServerOptions> options, Handler handler) {
        server = HttpServer.start(
                options.apply(HttpServerOptions.defaults(new InetSocketAddress("127.0.0.1", 0))
                        .withTimeouts(timeouts(Duration.ofSeconds(20)))),
                handler);
    }

    /** Generous limits but short shutdown, so that a test that goes wrong still ends. */
    static HttpTimeouts timeouts(Duration each) {
        return new HttpTimeouts(
                each, each, each, each, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(1));
    }

    RawClient client() throws IOException {
        return new RawClient(server.address());
    }

    /** Waits for another thread's effect; fails when it does not come. */
    static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen within 10 s: " + what);
            }
            Thread.sleep(2);
        }
    }

    @Override
    public void close() {
        server.close();
        HttpServerStats stats = server.stats();
        if (stats.readAheadBytes() != 0 || stats.connections() != 0 || stats.requestsRunning() != 0) {
            throw new AssertionError("the server left something behind: " + stats);
        }
        List<String> leaks = LeakWatch.findings();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.toString());
        }
    }
}

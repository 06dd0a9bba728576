package io.cairn.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.http.ExchangeFault.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are slow, go away, or are refused early: nothing hangs, nothing piles up. */
@Timeout(60)
class HttpClientBehaviourTest {
    private static final HeaderList NONE = HeaderList.empty();
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final UnaryOperator<HttpServerOptions> IMPATIENT =
            options -> options.withTimeouts(HttpTestServer.timeouts(Duration.ofMillis(200)));

    private final BlockingQueue<Kind> faults = new LinkedBlockingQueue<>();

    private Handler recording(Handler inner) {
        return e -> {
            try {
                inner.handle(e);
            } catch (ExchangeFault fault) {
                faults.add(fault.kind());
                throw fault;
            }
        };
    }

    private void assertFault(Kind kind) throws InterruptedException {
        assertEquals(kind, faults.poll(10, TimeUnit.SECONDS));
    }

    private static void readAll(Exchange e) {
        byte[] block = new byte[64 << 10];
        while (e.body().read(block, 0, block.length) >= 0) {
            Thread.onSpinWait();
        }
        e.send(200, NONE, new byte[0]);
    }

    private static String put(long length, String more) {
        return "PUT / HTTP/1.1\r\nHost: x\r\n" + more + "Content-Length: " + length + "\r\n\r\n";
    }

    @Test
    void expectContinue_isAnsweredByTheFirstRead() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Handler handler = e -> {
            go.await();
            readAll(e);
        };
        try (var server = new HttpTestServer(handler);
                RawClient client = server.client()) {
            client.send(put(3, "Expect: 100-Continue\r\n"));
            client.socket.setSoTimeout(100);
            assertThrows(SocketTimeoutException.class, client::read);
            client.socket.setSoTimeout(RawClient.TIMEOUT_MILLIS);
            go.countDown();
            assertEquals(100, client.response().status());
            assertEquals(200, client.send("abc").response().status());
            assertEquals(200, client.send(put(0, "")).response().status());
        }
    }

    /** As Amazon's servers do; botocore hangs on the next answer of the connection where this one is missing. */
    @Test
    void expectContinue_withoutContent_isAnsweredBeforeTheResponse() throws Exception {
        try (var server = new HttpTestServer(e -> e.send(200, NONE, new byte[0]));
                RawClient client = server.client()) {
            client.send(put(0, "Expect: 100-continue\r\n"));
            assertEquals(100, client.response().status());
            assertEquals(200, client.response().status());
            assertEquals(200, client.send(put(0, "")).response().status());
        }
    }

    @Test
    void expectContinue_refusedEarly_neverAsksForTheBody() throws Exception {
        try (var server = new HttpTestServer(e -> e.send(403, NONE, new byte[0]));
                RawClient client = server.client()) {
            var response =
                    client.send(put(2L << 30, "Expect: 100-continue\r\n")).response();
            assertEquals(403, response.status());
            assertEquals("close", response.header("Connection"));
            assertEquals(-1, client.read());
        }
    }

    @Test
    void largeBody_refusedEarly_clientCanReadTheAnswerWhileSending() throws Exception {
        try (var server = new HttpTestServer(e -> e.send(403, NONE, new byte[] {'n', 'o'}));
                RawClient client = server.client()) {
            client.send(put(2L << 30, "")).send(new byte[3 << 20]);
            var response = client.response();
            assertEquals("no", response.text());
            assertEquals("close", response.header("Connection"));
        }
    }

    @Test
    void smallBody_leftUnread_isDrainedAndTheConnectionKept() throws Exception {
        try (var server = new HttpTestServer(e -> e.send(404, NONE, new byte[0]));
                RawClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                var response =
                        client.send(put(200_000, "")).send(new byte[200_000]).response();
                assertEquals(404, response.status());
                assertEquals("", response.header("Connection"));
            }
            assertEquals(1, server.server.stats().connectionsTotal());
        }
    }

    @Test
    void smallBody_promisedAndNotSent_endsTheConnection() throws Exception {
        try (var server = new HttpTestServer(IMPATIENT, e -> e.send(404, NONE, new byte[0]));
                RawClient client = server.client()) {
            assertEquals(404, client.send(put(10, "")).response().status());
            assertEquals(-1, client.read());
        }
    }

    @Test
    void client_vanishingInItsBody_releasesTheHandler() throws Exception {
        try (var server = new HttpTestServer(recording(HttpClientBehaviourTest::readAll))) {
            try (RawClient client = server.client()) {
                client.send(put(100, "")).send("half");
            }
            assertFault(Kind.BODY_TRUNCATED);
            HttpTestServer.eventually(
                    "no request runs", () -> server.server.stats().requestsRunning() == 0);
        }
    }

    @Test
    void client_halfClosedInItsBody_isToldSo() throws Exception {
        try (var server = new HttpTestServer(recording(HttpClientBehaviourTest::readAll));
                RawClient client = server.client()) {
            client.send(put(100, "")).send("half");
            client.socket.shutdownOutput();
            assertEquals(400, client.response().status());
            assertEquals(-1, client.read());
        }
    }

    @Test
    void client_halfClosedAfterItsRequests_getsAllAnswers() throws Exception {
        try (var server = new HttpTestServer(HttpClientBehaviourTest::readAll);
                RawClient client = server.client()) {
            client.send(GET + put(3, "") + "abc" + GET);
            client.socket.shutdownOutput();
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.response().status());
            }
            assertEquals(-1, client.read());
        }
    }

    @Test
    void client_vanishingInTheResponse_releasesTheHandler() throws Exception {
        try (var server = new HttpTestServer(recording(HttpClientBehaviourTest::stream))) {
            try (RawClient client = server.client()) {
                client.send(GET).read();
            }
            assertFault(Kind.CLIENT_GONE);
            HttpTestServer.eventually(
                    "no request runs", () -> server.server.stats().requestsRunning() == 0);
        }
    }

    @Test
    void client_halfClosedBeforeALargeResponse_getsItAll() throws Exception {
        try (var server = new HttpTestServer(e -> {
                    e.body().readFully(new byte[1 << 20], 0, 1 << 20);
                    try (ResponseBody body = e.open(200, NONE, 64 << 20)) {
                        body.write(new byte[64 << 20], 0, 64 << 20);
                    }
                });
                RawClient client = server.client()) {
            client.send(put(1 << 20, "")).send(new byte[1 << 20]);
            client.socket.shutdownOutput();
            assertEquals(64 << 20, client.response().body().length);
            assertEquals(-1, client.read());
        }
    }

    private static void stream(Exchange e) {
        byte[] block = new byte[1 << 20];
        try (ResponseBody body = e.open(200, NONE, 1L << 30)) {
            for (int i = 0; i < 1024; i++) {
                body.write(block, 0, block.length);
            }
        }
    }

    @Test
    void client_silent_isTimedOutInEveryPhase() throws Exception {
        try (var server = new HttpTestServer(IMPATIENT, recording(HttpClientBehaviourTest::readAll))) {
            try (RawClient idle = server.client();
                    RawClient head = server.client();
                    RawClient body = server.client()) {
                head.send("GET / HT");
                body.send(put(100, "")).send("half");
                assertEquals(-1, idle.read());
                assertEquals(408, head.response().status());
                assertEquals(408, body.response().status());
                assertFault(Kind.BODY_STALLED);
            }
            assertEquals(3, server.server.stats().timeouts());
        }
    }

    @Test
    void client_drippingItsHead_isTimedOutAllTheSame() throws Exception {
        try (var server = new HttpTestServer(IMPATIENT, e -> {});
                RawClient client = server.client()) {
            client.send("GET / HTTP/1.1\r\n");
            Thread dripper = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send("X: y\r\n");
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException closed) {
                    // The server has ended the connection, as it should.
                }
            });
            assertEquals(408, client.response().status());
            client.close();
            dripper.join();
        }
    }

    @Test
    void client_notReadingTheResponse_isTimedOut() throws Exception {
        for (boolean direct : new boolean[] {false, true}) {
            Handler handler = !direct
                    ? HttpClientBehaviourTest::stream
                    : e -> {
                        var block = java.nio.ByteBuffer.allocateDirect(64 << 20);
                        try (ResponseBody body = e.open(200, NONE, block.capacity())) {
                            body.write(block);
                        }
                    };
            try (var server = new HttpTestServer(IMPATIENT, recording(handler));
                    RawClient client = server.client()) {
                client.send(GET);
                assertFault(Kind.RESPONSE_STALLED);
                assertThrows(IOException.class, client::response);
            }
        }
    }

    @Test
    void response_toASlowReader_isHeldBack() throws Exception {
        AtomicLong written = new AtomicLong();
        long total = 1L << 30;
        Handler handler = e -> {
            byte[] block = new byte[64 << 10];
            try (ResponseBody body = e.open(200, NONE, total)) {
                for (long done = 0; done < total; done += block.length) {
                    body.write(block, 0, block.length);
                    written.addAndGet(block.length);
                }
            }
        };
        long kernelBytes = 16 << 20;
        try (var server = new HttpTestServer(handler);
                RawClient client = server.client()) {
            client.send(GET);
            long read = client.input().readNBytes(1000).length;
            byte[] sink = new byte[1 << 20];
            while (read < total) {
                read += client.input().read(sink);
                if (read % 7 == 0) {
                    Thread.sleep(1);
                }
                assertTrue(written.get() - read < kernelBytes, "the handler ran ahead of its client");
            }
        }
    }

    @Test
    void uploads_thatNobodyReads_areHeldBackAndThenArrive() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Handler handler = e -> {
            go.await();
            readAll(e);
        };
        int clients = 50;
        int bytes = 2 << 20;
        long creditBytes = 512 << 10;
        try (var server = new HttpTestServer(
                options -> options.withLimits(HttpLimits.defaults().withReadAhead(64 << 10, creditBytes)), handler)) {
            List<Thread> threads = new ArrayList<>();
            AtomicLong answered = new AtomicLong();
            for (int i = 0; i < clients; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try (RawClient client = server.client()) {
                        client.send(put(bytes, "")).send(new byte[bytes]);
                        answered.addAndGet(client.response().status() == 200 ? 1 : 0);
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                }));
            }
            HttpTestServer.eventually("all run", () -> server.server.stats().requestsRunning() == clients);
            Thread.sleep(100);
            long held = server.server.stats().readAheadBytes();
            assertTrue(held <= creditBytes + clients * (64L << 10), "held " + held);
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(clients, answered.get());
        }
    }

    @Test
    void upload_halfClosedWhileUnread_arrivesWhole() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Handler handler = e -> {
            go.await();
            readAll(e);
        };
        try (var server = new HttpTestServer(handler);
                RawClient client = server.client()) {
            int bytes = 1 << 20;
            client.send(put(bytes, "")).send(new byte[bytes]);
            client.socket.shutdownOutput();
            HttpTestServer.eventually("it runs", () -> server.server.stats().requestsRunning() == 1);
            go.countDown();
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void connections_beyondTheLimit_areClosed() throws Exception {
        try (var server = new HttpTestServer(
                        options -> options.withLimits(HttpLimits.defaults().withConnections(1)),
                        HttpClientBehaviourTest::readAll);
                RawClient first = server.client()) {
            assertEquals(200, first.send(GET).response().status());
            try (RawClient second = server.client()) {
                assertThrows(IOException.class, () -> second.send(GET).response());
            }
            assertEquals(200, first.send(GET).response().status());
            assertEquals(1, server.server.stats().connectionsRefused());
        }
    }

    @Test
    void close_letsTheRunningExchangeEnd() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        var server = new HttpTestServer(e -> {
            started.countDown();
            go.await();
            e.send(200, NONE, new byte[0]);
        });
        try (RawClient idle = server.client();
                RawClient busy = server.client()) {
            busy.send(GET);
            started.await();
            Thread closer = Thread.ofVirtual().start(server::close);
            assertEquals(-1, idle.read());
            assertThrows(IOException.class, server::client);
            go.countDown();
            var response = busy.response();
            assertEquals(200, response.status());
            assertEquals("close", response.header("Connection"));
            closer.join();
        }
    }

    @Test
    void close_cutsWhatDoesNotEnd() throws Exception {
        try (var server = new HttpTestServer(recording(HttpClientBehaviourTest::readAll));
                RawClient client = server.client()) {
            client.send(put(100, ""));
            HttpTestServer.eventually("it runs", () -> server.server.stats().requestsRunning() == 1);
            server.server.close();
            assertFault(Kind.BODY_TRUNCATED);
        }
    }
}

package io.cairn.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.http.ProtocolError.Reason;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that another parser could read differently, or that are simply broken, are refused and end the connection.
 */
@Timeout(30)
class HttpProtocolTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private static void assertRefused(int status, String request) throws Exception {
        AtomicInteger smuggled = new AtomicInteger();
        Handler handler = e -> {
            if (e.target().equals("/smuggled")) {
                smuggled.incrementAndGet();
            }
            e.body().readFully(new byte[1000], 0, 1000);
            e.send(200, HeaderList.empty(), new byte[0]);
        };
        try (var server = new HttpTestServer(handler);
                RawClient client = server.client()) {
            var response = client.send(request).response();
            assertEquals(status, response.status(), request);
            assertEquals("close", response.header("Connection"));
            assertEquals(-1, client.read());
            assertEquals(0, smuggled.get());
            assertEquals(1, server.server.stats().protocolErrors());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 5, 5\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length:\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length : 5\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding : chunked\r\n",
                "X: a\r\n folded\r\n",
                "X: a\r\n\tTransfer-Encoding: chunked\r\n",
                " X: a\r\n",
                "X: a\rb\r\n",
                "X: a\n",
                "X: a\0b\r\n",
                "X\0: a\r\n",
                ": a\r\n",
                "no colon\r\n",
                "Host: y\r\n",
            })
    void header_ambiguousOrMalformed_isRefused(String header) throws Exception {
        assertRefused(400, "POST / HTTP/1.1\r\nHost: x\r\n" + header + "\r\n" + SMUGGLED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / HTTP/1.1\nHost: x\n\n",
                "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / x HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / http/1.1\r\nHost: x\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: x\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
            })
    void requestLine_malformed_isRefused(String request) throws Exception {
        assertRefused(400, request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "g\r\n",
                "5 \r\nhello\r\n",
                "-5\r\nhello\r\n",
                "0x5\r\nhello\r\n",
                "5\nhello\r\n",
                "5\r\nhello!\r\n",
                "5\r\nhelloX\n",
                "1000000000000000\r\n",
                "5;\u0001\r\nhello\r\n",
                "0\r\nX: \u0001\r\n\r\n",
                "0\r\nX: a\n\r\n",
            })
    void chunk_malformed_isRefused(String chunk) throws Exception {
        assertRefused(400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + SMUGGLED);
    }

    @Test
    void request_unsupported_isRefusedByItsKind() throws Exception {
        assertRefused(501, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");
        assertRefused(505, "GET / HTTP/2.0\r\nHost: x\r\n\r\n");
        assertRefused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertRefused(417, "POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n");
        assertRefused(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    void request_tooLarge_isRefusedByItsKind() throws Exception {
        assertRefused(414, "GET /" + "a".repeat(17_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertRefused(414, "GET /" + "a".repeat(17_000));
        assertRefused(431, "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(33_000) + "\r\n\r\n");
        assertRefused(431, "GET / HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(300) + "\r\n");
        assertRefused(431, "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(100_000));
    }

    @Test
    void request_largestAllowed_isServed() throws Exception {
        try (var server = new HttpTestServer(
                        e -> e.send(200, HeaderList.empty(), new byte[e.target().length() % 100]));
                RawClient client = server.client()) {
            String line = "GET /" + "a".repeat(16_000) + " HTTP/1.1\r\nHost: x\r\n";
            assertEquals(
                    200,
                    client.send(line + "X: " + "b".repeat(32_000) + "\r\n\r\n")
                            .response()
                            .status());
            assertEquals(200, client.send("\r\n\r\n" + line + "\r\n").response().status());
        }
    }

    @Test
    void contentLength_repeatedEqual_isOneLength() throws Exception {
        try (var server = new HttpTestServer(e ->
                        e.send(200, HeaderList.empty(), new byte[e.body().readFully(new byte[9], 0, 9)]));
                RawClient client = server.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello");
            assertEquals(5, client.response().body().length);
        }
    }

    @Test
    void refusal_isRenderedByTheFace() throws Exception {
        ProtocolErrorRenderer xml = error -> new ProtocolErrorRenderer.Rendered(
                HeaderList.of("Content-Type", "application/xml"),
                ("<Code>" + error.reason() + "</Code>").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try (var server = new HttpTestServer(options -> options.withErrors(xml), _ -> {});
                RawClient client = server.client()) {
            var response = client.send("nonsense\r\n\r\n").response();
            assertEquals("<Code>" + Reason.MALFORMED_REQUEST + "</Code>", response.text());
            assertEquals("application/xml", response.header("Content-Type"));
        }
    }

    @Test
    void connectionOption_close_isHonoured() throws Exception {
        try (var server = new HttpTestServer(e -> e.send(200, HeaderList.empty(), new byte[0]))) {
            for (String request : new String[] {
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: foo , Close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"
            }) {
                try (RawClient client = server.client()) {
                    assertEquals("close", client.send(request).response().header("Connection"));
                    assertEquals(-1, client.read());
                }
            }
            try (RawClient client = server.client()) {
                String request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
                assertEquals("keep-alive", client.send(request).response().header("Connection"));
                assertTrue(client.send(request).response().status() == 200);
            }
        }
    }
}

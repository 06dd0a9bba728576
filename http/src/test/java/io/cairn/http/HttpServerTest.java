package io.cairn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a well-behaved client sees. */
@Timeout(30)
class HttpServerTest {
    private static final HeaderList NONE = HeaderList.empty();
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static void echo(Exchange exchange) {
        byte[] body = new byte[4 << 20];
        int length = exchange.body().readFully(body, 0, body.length);
        exchange.send(200, NONE, Arrays.copyOf(body, length));
    }

    @Test
    void request_plain_isAnsweredAndKeptAlive() throws Exception {
        try (var server = new HttpTestServer(e -> e.send(
                        200,
                        HeaderList.of(
                                "X-Method",
                                e.method(),
                                "X-Host",
                                e.headers().first("hOST").orElse("")),
                        e.target().getBytes(ISO_8859_1)));
                RawClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                var response = client.send("GET /a%20b/../\u00e9?x=" + i + " HTTP/1.1\r\nHost: x\r\n\r\n")
                        .response();
                assertEquals(200, response.status());
                assertEquals("/a%20b/../\u00e9?x=" + i, response.text());
                assertEquals("GET", response.header("X-Method"));
                assertEquals("x", response.header("X-Host"));
                assertEquals("Cairn", response.header("Server"));
                assertTrue(response.header("Date").endsWith(" GMT"), response.header("Date"));
                assertEquals("", response.header("Connection"));
            }
            assertEquals(1, server.server.stats().connectionsTotal());
            assertEquals(3, server.server.stats().requestsTotal());
        }
    }

    @Test
    void requests_pipelined_areAnsweredInOrder() throws Exception {
        try (var server = new HttpTestServer(HttpServerTest::echo);
                RawClient client = server.client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                all.append("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
                        .append(100 + i);
            }
            client.send(all.toString());
            for (int i = 0; i < 200; i++) {
                assertEquals(String.valueOf(100 + i), client.response().text());
            }
        }
    }

    @Test
    void body_ofAnyLength_arrivesWhole() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        try (var server = new HttpTestServer(HttpServerTest::echo);
                RawClient client = server.client()) {
            for (int length : new int[] {0, 1, 4096, 65_536, 65_537, 1 << 20, 3 << 20}) {
                byte[] body = new byte[length];
                random.nextBytes(body);
                client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n");
                client.send(body);
                assertArrayEquals(body, client.response().body());
            }
        }
    }

    @Test
    void body_chunked_arrivesWhole() throws Exception {
        try (var server = new HttpTestServer(HttpServerTest::echo);
                RawClient client = server.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                    + "3\r\nabc\r\n0005;name=value\r\ndefgh\r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n" + GET);
            assertEquals("abcdefgh0123456789", client.response().text());
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void body_sentByteByByte_arrivesWhole() throws Exception {
        try (var server = new HttpTestServer(HttpServerTest::echo);
                RawClient client = server.client()) {
            String request = "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
            for (byte b : request.getBytes(ISO_8859_1)) {
                client.send(new byte[] {b});
            }
            assertEquals("ab", client.response().text());
        }
    }

    @Test
    void response_streamed_isFramedByLengthOrChunks() throws Exception {
        byte[] block = new byte[100_000];
        new SplittableRandom(2).nextBytes(block);
        ByteBuffer direct = ByteBuffer.allocateDirect(block.length).put(block).flip();
        Handler handler = e -> {
            try (ResponseBody body =
                    e.target().equals("/chunked") ? e.openChunked(200, NONE) : e.open(200, NONE, 3L * block.length)) {
                body.write(block, 0, 10);
                body.flush();
                body.write(block, 10, block.length - 10);
                body.write(direct.duplicate());
                body.write(ByteBuffer.wrap(block));
            }
        };
        byte[] expected = ByteBuffer.allocate(3 * block.length)
                .put(block)
                .put(block)
                .put(block)
                .array();
        try (var server = new HttpTestServer(handler);
                RawClient client = server.client()) {
            for (String target : new String[] {"/fixed", "/chunked", "/fixed"}) {
                var response = client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n")
                        .response();
                assertArrayEquals(expected, response.body());
                assertEquals(target.equals("/chunked") ? "chunked" : "", response.header("Transfer-Encoding"));
            }
            var old = client.send("GET /chunked HTTP/1.0\r\n\r\n").response();
            assertArrayEquals(expected, old.body());
            assertEquals("close", old.header("Connection"));
        }
    }

    @Test
    void response_toHead_announcesLengthWithoutBody() throws Exception {
        try (var server = new HttpTestServer(e -> {
                    try (ResponseBody body = e.open(200, NONE, 1L << 40)) {
                        body.write(new byte[10], 0, 10);
                    }
                });
                RawClient client = server.client()) {
            for (int i = 0; i < 2; i++) {
                var response = client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").response(true);
                assertEquals("1099511627776", response.header("Content-Length"));
            }
        }
    }

    @Test
    void response_withoutContent_hasNoBody() throws Exception {
        try (var server = new HttpTestServer(
                        e -> e.send(Integer.parseInt(e.target().substring(1)), NONE, new byte[0]));
                RawClient client = server.client()) {
            assertEquals(
                    "",
                    client.send("GET /204 HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response()
                            .header("Content-Length"));
            assertEquals(
                    304,
                    client.send("GET /304 HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response()
                            .status());
            assertEquals(
                    "0",
                    client.send("GET /200 HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response()
                            .header("Content-Length"));
        }
    }

    @Test
    void response_shorterThanPromised_breaksTheConnection() throws Exception {
        try (var server = new HttpTestServer(e -> {
                    try (ResponseBody body = e.open(200, NONE, 100)) {
                        body.write(new byte[99], 0, 99);
                        body.flush();
                    }
                });
                RawClient client = server.client()) {
            client.send(GET);
            assertThrows(IOException.class, client::response);
        }
    }

    @Test
    void handler_thatFails_isAnsweredWith500AndConnectionCloses() throws Exception {
        try (var server = new HttpTestServer(e -> {
                    if (e.target().equals("/throw")) {
                        throw new IllegalStateException("planted");
                    }
                });
                RawClient first = server.client();
                RawClient second = server.client()) {
            var thrown = first.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").response();
            assertEquals(500, thrown.status());
            assertEquals(-1, thrown.text().indexOf("planted"));
            assertEquals(-1, first.read());
            assertEquals(
                    500,
                    second.send("GET /silent HTTP/1.1\r\nHost: x\r\n\r\n")
                            .response()
                            .status());
            assertEquals(-1, second.read());
        }
    }
}

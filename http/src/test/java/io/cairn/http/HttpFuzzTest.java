package io.cairn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random and mutated input. A failure prints the seed that repeats it. */
@Timeout(120)
class HttpFuzzTest {
    private static final String[] VALID = {
        "GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Y: z\r\n\r\n",
        "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;e=1\r\nhello\r\n0\r\nT: 1\r\n\r\n",
        "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
        "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    };
    private static final String SPICE = "\r\n \t:;,0159afAF\0\u007f\u0080\u00ff/HTP.-";

    private static byte[] mutated(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(VALID[random.nextInt(VALID.length)]);
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, SPICE.charAt(random.nextInt(SPICE.length())));
                case 1 -> text.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
                case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[1 + random.nextInt(2000)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void server_fedWithNoise_answersTheNextGoodRequest() throws Exception {
        AtomicInteger served = new AtomicInteger();
        Handler handler = e -> {
            e.body().readFully(new byte[4096], 0, 4096);
            served.incrementAndGet();
            e.send(200, HeaderList.empty(), new byte[] {1});
        };
        try (var server = new HttpTestServer(
                options -> options.withTimeouts(HttpTestServer.timeouts(Duration.ofMillis(500))), handler)) {
            Property.holds(400, random -> {
                byte[] input = random.nextInt(4) == 0 ? noise(random) : mutated(random);
                try (RawClient client = server.client()) {
                    client.send(Arrays.copyOf(input, random.nextInt(input.length + 1)));
                    client.socket.shutdownOutput();
                    client.input().readAllBytes();
                } catch (IOException reset) {
                    // A reset is a fair answer to nonsense.
                }
                try (RawClient client = server.client()) {
                    assertEquals(200, client.send(VALID[0]).response().status());
                }
            });
            HttpTestServer.eventually(
                    "no request runs", () -> server.server.stats().requestsRunning() == 0);
            assertTrue(served.get() >= 400);
        }
    }

    /** What this parser accepts, Netty's own parser must accept and understand alike: no room for smuggling. */
    @Test
    void head_accepted_isReadAlikeByAnotherParser() {
        AtomicInteger accepted = new AtomicInteger();
        HeadParser parser = new HeadParser(HttpLimits.defaults());
        Property.holds(3000, random -> {
            byte[] input = mutated(random);
            int length = parser.length(input, input.length, 0);
            if (length > 0 && parser.parse(input, length) instanceof RequestHead head) {
                accepted.incrementAndGet();
                assertReadAlike(head, Arrays.copyOf(input, length));
            }
        });
        assertTrue(accepted.get() > 300, "only " + accepted + " were accepted: the test does not test");
    }

    private static void assertReadAlike(RequestHead head, byte[] bytes) {
        // Both take the same length said twice, as RFC 9110 (8.6) allows; Netty keeps one of them.
        EmbeddedChannel channel = new EmbeddedChannel(
                new HttpRequestDecoder(new HttpDecoderConfig().setAllowDuplicateContentLengths(true)));
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        HttpRequest other = channel.readInbound();
        assertTrue(other.decoderResult().isSuccess(), () -> new String(bytes, ISO_8859_1));
        assertEquals(head.method(), other.method().name());
        assertEquals(head.target(), other.uri());
        assertEquals(head.chunked(), HttpUtil.isTransferEncodingChunked(other));
        assertEquals(Math.max(0, head.contentLength()), HttpUtil.getContentLength(other, 0L));
        List<String> names = new ArrayList<>();
        head.headers().forEach((name, value) -> names.add(name + ": " + value));
        List<String> others = new ArrayList<>();
        other.headers().forEach(entry -> others.add(entry.getKey() + ": " + entry.getValue()));
        assertEquals(sorted(names), sorted(others));
        channel.finishAndReleaseAll();
    }

    /** The lines in order, a repeated length once. */
    private static List<String> sorted(List<String> lines) {
        List<String> lengths = lines.stream()
                .filter(HttpFuzzTest::isLength)
                .map(line -> line.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        return Stream.concat(lines.stream().filter(line -> !isLength(line)), lengths.stream())
                .sorted()
                .toList();
    }

    private static boolean isLength(String line) {
        return line.regionMatches(true, 0, "Content-Length:", 0, "Content-Length:".length());
    }
}

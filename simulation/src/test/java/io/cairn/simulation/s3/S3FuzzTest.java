package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.testkit.Property;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.SigV4Signer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Requests with one thing wrong with them: each is answered with an error of S3, and stores nothing. */
final class S3FuzzTest extends S3FaceTest {
    private static final String[] METHODS = {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"};
    private static final String[] PARAMETERS = {
        "uploads",
        "uploadId=",
        "uploadId=x",
        "partNumber=1",
        "partNumber=x",
        "acl",
        "tagging",
        "delete",
        "versionId=x",
        "list-type=2",
        "max-keys=1e9",
        "attributes",
        "policy",
        "torrent",
        "restore",
        "select",
        "continuation-token=%ff",
        "response-expires=%00",
        "prefix=%",
        "X-Amz-Algorithm=x",
        "versions",
        "location",
        "encoding-type=x",
        "key-marker=é"
    };
    private static final String[] HEADERS = {
        "Range",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "x-amz-copy-source",
        "x-amz-copy-source-range",
        "x-amz-checksum-algorithm",
        "x-amz-checksum-crc32",
        "x-amz-checksum-type",
        "x-amz-trailer",
        "Content-MD5",
        "x-amz-metadata-directive",
        "x-amz-object-attributes",
        "x-amz-max-parts",
        "x-amz-mp-object-size",
        "x-amz-acl",
        "x-amz-storage-class",
        "x-amz-decoded-content-length",
        "Content-Type",
        "x-amz-expected-bucket-owner"
    };
    private static final String[] VALUES = {
        "",
        "x",
        "*",
        "\"",
        "bytes=0-",
        "bytes=9999999999999999999-",
        "-1",
        "99999999999999999999",
        "AAAA",
        "a/b",
        "/",
        "%zz",
        "CRC32",
        "COMPOSITE",
        "multipart/form-data",
        "multipart/form-data; boundary=b",
        "é",
        "COPY",
        "\t,\t"
    };

    private static String pick(RandomGenerator random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static byte[] body(RandomGenerator random) {
        byte[] body = new byte[random.nextInt(200)];
        random.nextBytes(body);
        byte[] xml = "<Delete><Object><Key>".getBytes(StandardCharsets.UTF_8);
        return random.nextBoolean() ? body : Arrays.copyOf(xml, random.nextInt(xml.length));
    }

    private S3Client.Answer fuzzed(RandomGenerator random) {
        String target = pick(random, "/", bucket, bucket + "/", bucket + "/k", "/no-such-bucket/k", "/B/k", "/..//%2f");
        for (int i = random.nextInt(3); i > 0; i--) {
            target += (target.indexOf('?') < 0 ? "?" : "&") + pick(random, PARAMETERS);
        }
        List<String> headers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(pick(random, HEADERS));
            headers.add(pick(random, VALUES));
        }
        String method = pick(random, METHODS);
        byte[] body = body(random);
        String[] fields = headers.toArray(String[]::new);
        try {
            return client.send(method, target, body, fields);
        } catch (S3Exception notSignable) {
            return client.anonymous(method, target, body, fields);
        }
    }

    @Test
    void request_ofAnyShape_isAnsweredProperly() {
        Property.holds(400, random -> {
            S3Client.Answer answer = fuzzed(random);
            assertNotEquals(500, answer.status(), answer.text());
            assertTrue(answer.status() >= 200, "an answer is final");
            assertTrue(answer.header("x-amz-request-id").length() == 16, "every answer has its request's id");
            if (answer.status() >= 400 && answer.body().length > 0) {
                assertTrue(answer.text().startsWith("<?xml"), answer.text());
                assertNotEquals("", answer.code());
                assertNotEquals("", answer.element("Message"));
            }
        });
    }

    @Test
    void put_brokenAnywhere_storesNothing() {
        Property.holds(200, random -> {
            byte[] body = new byte[1 + random.nextInt(5000)];
            random.nextBytes(body);
            var signed = client.signer()
                    .sign(
                            "PUT",
                            bucket + "/broken",
                            "",
                            client.headers(body),
                            SigV4Signer.hashed(body),
                            Clock.system().now());
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
            S3Client.Answer answer = client.raw("PUT", bucket + "/broken", signed.headers(), body);
            assertEquals("XAmzContentSHA256Mismatch", answer.code());
        });
        assertEquals(404, client.get(bucket + "/broken").status());
        assertEquals("0", client.get(bucket + "?list-type=2").element("KeyCount"));
        assertEquals(200, client.put(bucket + "/broken", "whole").status(), "the same request unbroken is stored");
    }
}

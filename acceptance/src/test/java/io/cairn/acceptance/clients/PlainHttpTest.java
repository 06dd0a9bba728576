package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plain key API, health, and what the two listeners refuse, asked with {@code curl}. */
@Tag("acceptance")
final class PlainHttpTest {
    private static final List<String> KEYS = List.of(
            "plain",
            "a/b",
            "a/b/c",
            "with%20space",
            "100%25",
            "%2541",
            "plus+plus",
            "%C3%BC/%F0%9F%AA%A8",
            "a//b",
            "..%2Fup",
            "health");

    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static Curl anonymous;
    private static Curl root;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() {
        anonymous = Curl.anonymous(directory.resolve("home"));
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        root = anonymous.basic(cairn);
    }

    @AfterAll
    static void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    private static String data(String key) {
        return cairn.admin() + "/data/" + key;
    }

    @Test
    void key_throughItsLife_isAnsweredAsPromised() throws IOException {
        Path file = Samples.file(files, 4 * Samples.KIB);
        for (String key : KEYS) {
            assertEquals(404, root.status(data(key)), key);
            assertEquals(404, root.status(data(key), "--head"), key);
            assertEquals(404, root.status(data(key), "-X", "DELETE"), key);
        }
        for (String key : KEYS) {
            assertEquals(201, root.status(data(key), "--upload-file", file.toString()), key);
        }
        for (String key : KEYS) {
            Curl.Answer answer = root.get(data(key));
            assertEquals(200, answer.status(), key);
            assertArrayEquals(Files.readAllBytes(file), answer.body(), key);
            assertEquals(200, root.status(data(key), "--head"), key);
            assertEquals(204, root.status(data(key), "-X", "DELETE"), key);
            assertEquals(404, root.status(data(key)), key);
        }
    }

    @Test
    void key_withoutBytes_isThere() {
        Path empty = Samples.file(files, 0);
        assertEquals(201, root.status(data("empty"), "--upload-file", empty.toString()));
        Curl.Answer answer = root.get(data("empty"));
        assertEquals(200, answer.status());
        assertEquals(0, answer.body().length);
        assertEquals(200, root.status(data("empty"), "--head"));
    }

    @Test
    void key_large_comesBackAsItWas() {
        Path file = Samples.file(files, 64 * Samples.MIB);
        assertEquals(201, root.status(data("large"), "--upload-file", file.toString()));
        assertEquals(
                Samples.digest(file), Samples.digest(root.get(data("large")).body()));
    }

    @Test
    void bearer_insteadOfBasic_isEnoughForKeysAndNotForAdministration() {
        String user = cairn.cairn("user", "add", "reader").output();
        String accessKey = user.replaceFirst("(?s).*access key +(\\S+).*", "$1");
        String token = cairn.cairn("user", "token", accessKey)
                .output()
                .lines()
                .toList()
                .getLast();
        Curl bearer = anonymous.with("-H", "Authorization: Bearer " + token);
        Path file = Samples.file(files, 1);
        assertEquals(201, bearer.status(data("by-token"), "--upload-file", file.toString()));
        assertEquals(200, bearer.status(data("by-token")));
        assertEquals(403, bearer.status(cairn.admin() + "/admin/v1/users"));
        assertEquals(
                401,
                anonymous.with("-H", "Authorization: Bearer " + token + "x").status(data("by-token")));
        cairn.cairn("user", "disable", accessKey);
        assertEquals(401, bearer.status(data("by-token")));
    }

    @Test
    void admin_withoutKeys_tellsOnlyThatItLives() {
        assertEquals(200, anonymous.status(cairn.admin() + "/health/live"));
        assertEquals(200, anonymous.status(cairn.admin() + "/health/ready"));
        for (String path : List.of("/health", "/metrics", "/data/x", "/admin/v1/status", "/")) {
            assertEquals(401, anonymous.status(cairn.admin() + path), path);
            String wrong = cairn.accessKey() + ":wrong-wrong-wrong";
            assertEquals(401, anonymous.with("--user", wrong).status(cairn.admin() + path), path);
        }
    }

    @Test
    void health_withKeys_tellsWhatIsStored() {
        Path file = Samples.file(files, 4 * Samples.KIB);
        assertEquals(201, root.status(data("counted"), "--upload-file", file.toString()));
        String health = root.get(cairn.admin() + "/health").text();
        for (String part : List.of("\"nodeId\":\"", "\"status\":\"ok\"", "\"bytes\":", "\"objects\":")) {
            assertTrue(health.contains(part), health);
        }
        double uptime = Double.parseDouble(health.replaceFirst(".*\"uptimeSeconds\":([0-9.]+).*", "$1"));
        assertTrue(uptime > 0 && uptime < 3600, health);
        assertTrue(root.get(cairn.admin() + "/metrics").text().contains("# TYPE cairn_"));
    }

    /** What is an endpoint on the admin listener is a bucket like any other on the S3 listener. */
    @Test
    void buckets_calledDataAndHealth_areBuckets() {
        Curl signed = anonymous.signed(cairn);
        Path file = Samples.file(files, 1);
        for (String bucket : List.of("data", "health", "metrics")) {
            String url = cairn.s3() + "/" + bucket;
            assertEquals(403, anonymous.status(url), bucket);
            assertTrue(signed.get(url).text().contains("<Code>NoSuchBucket</Code>"), bucket);
            assertEquals(200, signed.status(url, "-X", "PUT"), bucket);
            assertEquals(200, signed.status(url + "/ready", "--upload-file", file.toString()), bucket);
            assertEquals(1, signed.get(url + "/ready").body().length, bucket);
        }
    }

    @Test
    void requests_fromNobody_areRefusedAndChangeNothing() {
        Curl signed = anonymous.signed(cairn);
        String bucket = cairn.s3() + "/refusals";
        assertEquals(200, signed.status(bucket, "-X", "PUT"));
        Path file = Samples.file(files, 1);
        assertTrue(anonymous
                .get(bucket + "/k", "--upload-file", file.toString())
                .text()
                .contains("<Code>AccessDenied</Code>"));
        Curl forger = anonymous.with(
                "--user",
                cairn.accessKey() + ":wrong-wrong-wrong",
                "--aws-sigv4",
                "aws:amz:us-east-1:s3",
                "-H",
                "x-amz-content-sha256: UNSIGNED-PAYLOAD");
        assertTrue(forger.get(bucket + "/k", "--upload-file", file.toString())
                .text()
                .contains("<Code>SignatureDoesNotMatch</Code>"));
        // Basic credentials are for the admin listener alone.
        assertEquals(400, anonymous.basic(cairn).status(bucket + "/k", "--upload-file", file.toString()));
        Curl late = signed.with("-H", "X-Amz-Date: 20200101T000000Z");
        assertTrue(late.get(bucket + "/k", "--upload-file", file.toString())
                .text()
                .contains("<Code>RequestTimeTooSkewed</Code>"));
        assertTrue(signed.get(bucket + "/k").text().contains("<Code>NoSuchKey</Code>"));
    }
}

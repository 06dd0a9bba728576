package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.RunningCairn.Ended;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as its operator sees it: how it starts, refuses to start, stops, and starts again. */
@Tag("acceptance")
final class DaemonTest {
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Path drive() {
        return directory.resolve("drive");
    }

    private static HttpRequest.Builder key(RunningCairn cairn, String key) {
        String pair = cairn.accessKey() + ":" + cairn.secretKey();
        return HttpRequest.newBuilder(URI.create(cairn.admin() + "/data/" + key))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes()));
    }

    /** Writers in a loop while the daemon is told to stop: what it answered with 201 is there afterwards. */
    @Test
    void sigterm_underLoad_losesNothingThatWasAcknowledged() throws Exception {
        var acknowledged = new ConcurrentSkipListMap<String, Integer>();
        RunningCairn cairn = RunningCairn.on(drive()).start();
        try (HttpClient client = HttpClient.newHttpClient();
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new CountDownLatch(300);
            for (int writer = 0; writer < 16; writer++) {
                int number = writer;
                writers.submit(() -> write(client, cairn, number, acknowledged, begun));
            }
            assertTrue(begun.await(60, TimeUnit.SECONDS), "no load");
            assertEquals(0, cairn.stop(STOP_MAX), cairn::output);
        }
        assertFalse(acknowledged.isEmpty());
        try (RunningCairn again = cairn.again();
                HttpClient client = HttpClient.newHttpClient()) {
            for (Map.Entry<String, Integer> entry : acknowledged.entrySet()) {
                HttpResponse<byte[]> response =
                        client.send(key(again, entry.getKey()).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertEquals(200, response.statusCode(), entry.getKey());
                assertEquals(
                        Samples.digest(content(entry.getKey(), entry.getValue())), Samples.digest(response.body()));
            }
        }
    }

    private static byte[] content(String key, int length) {
        return Samples.bytes(key.hashCode(), length);
    }

    /** Writes until the daemon is gone. */
    private static void write(
            HttpClient client,
            RunningCairn cairn,
            int number,
            Map<String, Integer> acknowledged,
            CountDownLatch begun) {
        try {
            for (int i = 0; ; i++) {
                String key = "load/" + number + "/" + i;
                int length = i % 5 == 0 ? 300_000 : 3_000;
                var body = HttpRequest.BodyPublishers.ofByteArray(content(key, length));
                HttpResponse<Void> response =
                        client.send(key(cairn, key).PUT(body).build(), HttpResponse.BodyHandlers.discarding());
                if (response.statusCode() == 201) {
                    acknowledged.put(key, length);
                    begun.countDown();
                }
            }
        } catch (IOException stopped) {
            // The daemon has closed the connection.
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void restart_afterKill_keepsObjectsUsersAndRootKey() {
        Curl curl = Curl.anonymous(directory.resolve("home"));
        RunningCairn cairn = RunningCairn.on(drive()).start();
        Path file = Samples.file(directory, 5 * Samples.MIB);
        String user;
        try (cairn) {
            assertEquals(200, curl.signed(cairn).status(cairn.s3() + "/kept", "-X", "PUT"));
            assertEquals(200, curl.signed(cairn).status(cairn.s3() + "/kept/object", "--upload-file", file.toString()));
            user = cairn.cairn("user", "add", "somebody").output().replaceFirst("(?s).*access key +(\\S+).*", "$1");
            assertTrue(cairn.output().contains("A new store was made"), cairn::output);
        }
        String accessKey = cairn.accessKey();
        try (RunningCairn again = cairn.again()) {
            assertEquals(accessKey, again.accessKey());
            byte[] back = curl.signed(again).get(again.s3() + "/kept/object").body();
            assertEquals(Samples.digest(file), Samples.digest(back));
            assertTrue(again.cairn("user", "ls").output().contains(user));
            assertFalse(again.output().contains("A new store was made"), again::output);
            // The secret is printed when it is made, and never again.
            assertFalse(again.output().contains(again.secretKey()), again::output);
        }
    }

    @Test
    void secondDaemon_onTheSameDrive_isRefusedWithTheReason() {
        try (RunningCairn cairn = RunningCairn.on(drive()).start()) {
            Ended second = RunningCairn.on(drive()).startRefused();
            assertEquals(1, second.status());
            assertTrue(second.output().contains("in use by another process"), second.output());
            // The first one does not mind.
            assertEquals(200, Curl.anonymous(directory.resolve("home")).status(cairn.admin() + "/health/ready"));
        }
    }

    @Test
    void options_thatCannotBe_areRefusedWithTheReason() {
        RunningCairn.Setup setup = RunningCairn.on(drive());
        refused(setup.with("--listen", "0.0.0.0:0"), 1, "plain HTTP is served on loopback only, not on 0.0.0.0");
        refused(setup.with("--listen", "nonsense"), 2, "--listen: 'nonsense' is not HOST:PORT");
        refused(setup.with("--roles", "store,kitchen"), 2, "--roles: no role 'kitchen'; there are store, volumes");
        refused(setup.with("--redundancy", "ec:0+1"), 2, "--redundancy: ");
        refused(setup.with("--redundancy", "copies:2"), 1, "--redundancy copies:2 needs 2 drives");
        refused(setup.with("--region", ""), 1, "--region: ");
        refused(setup.with("--domain", "a/b"), 1, "--domain: ");
        refused(setup.with("--tls-cert", "cert.pem"), 2, "--tls-cert and --tls-key go together");
        refused(setup.with("--colour"), 2, "Unknown option: '--colour'");
        refused(setup.environment("CAIRN_ROOT_ACCESS_KEY", "ALONE"), 1, "go together; one of them is not set");
        refused(setup.rootKey("FINE", "short"), 1, "a root secret key has at least 8 characters");
        assertFalse(Files.exists(drive()));
    }

    private static void refused(RunningCairn.Setup setup, int status, String reason) {
        Ended ended = setup.startRefused();
        assertEquals(status, ended.status(), ended::output);
        assertTrue(ended.output().contains(reason), ended::output);
        assertFalse(ended.output().contains("\tat "), ended::output);
    }

    @Test
    void port_inUse_isRefusedWithTheReason() {
        try (RunningCairn cairn = RunningCairn.on(drive()).start()) {
            String taken = cairn.s3().getAuthority();
            refused(RunningCairn.on(directory.resolve("other")).with("--listen", taken), 1, "cannot listen on ");
            assertFalse(Files.exists(directory.resolve("other")));
        }
    }

    @Test
    void commands_withOddArguments_failWithASentence() {
        try (RunningCairn cairn = RunningCairn.on(drive()).start()) {
            String data = drive().toString();
            said(cairn.cairn("user", "disable", "a b/../c"), "cairn user disable: no access key ");
            said(cairn.cairn("user", "disable", ".."), "cairn user disable: ");
            said(cairn.cairn("user", "add", ""), "cairn user add: a user's name has ");
            said(cairn.cairn("user", "rotate", cairn.accessKey()), " is the root key, which is no user");
            said(cairn.cairn("drive", "retire", "a b", "--yes"), "cairn drive retire: not a drive id");
            said(command("status", "--admin", "http://not a host", "--data", data), "cairn status: --admin ");
            said(command("status", "--admin", cairn.s3().toString(), "--data", data), "is no admin listener of Cairn");
        }
    }

    @Test
    void adminApi_withoutWhatItNeeds_refuses() {
        Curl curl = Curl.anonymous(directory.resolve("home"));
        try (RunningCairn cairn = RunningCairn.on(drive()).start()) {
            for (String what : List.of("users", "drives")) {
                for (String body : List.of("{}", "{\"name\":null,\"path\":null}", "nonsense", "[]")) {
                    String url = cairn.admin() + "/admin/v1/" + what;
                    assertEquals(400, curl.basic(cairn).status(url, "--data", body), what + " " + body);
                }
            }
        }
    }

    private static Ended command(String... arguments) {
        return RunningCairn.command(Map.of(), List.of(arguments));
    }

    private static void said(Ended ended, String sentence) {
        assertEquals(1, ended.status(), ended::output);
        assertTrue(ended.output().contains(sentence), ended::output);
        assertFalse(ended.output().contains("\tat "), ended::output);
    }

    @Test
    void rootKey_fromTheEnvironment_isTheOnlyOne() {
        Curl curl = Curl.anonymous(directory.resolve("home"));
        var setup = RunningCairn.on(drive()).rootKey("OPERATOR", "given-by-the-operator");
        try (RunningCairn cairn = setup.start()) {
            assertEquals(200, curl.signed(cairn).status(cairn.s3() + "/"));
            assertTrue(cairn.output().contains("OPERATOR"), cairn::output);
            assertFalse(cairn.output().contains("given-by-the-operator"), cairn::output);
            assertFalse(Files.exists(drive().resolve("root-credentials")));
        }
        var changed = RunningCairn.on(drive()).rootKey("OPERATOR", "another-one-by-the-operator");
        try (RunningCairn cairn = changed.start()) {
            assertEquals(200, curl.signed(cairn).status(cairn.s3() + "/"));
            assertEquals(
                    401, curl.with("--user", "OPERATOR:given-by-the-operator").status(cairn.admin() + "/health"));
        }
    }

    @Test
    void rootKey_generated_isForItsOwnerOnly() throws IOException {
        try (RunningCairn cairn = RunningCairn.on(drive()).start()) {
            Path file = drive().resolve("root-credentials");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertTrue(cairn.secretKey().length() >= 32);
            assertTrue(cairn.accessKey().length() >= 16);
        }
    }

    @Test
    void users_addedDisabledRotated_loseAndGetAccess() {
        Curl curl = Curl.anonymous(directory.resolve("home"));
        try (RunningCairn cairn = RunningCairn.on(drive()).start()) {
            Ended added = cairn.cairn("user", "add", "shop");
            assertEquals(0, added.status(), added.output());
            String accessKey = added.output().replaceFirst("(?s).*access key +(\\S+).*", "$1");
            String secret = added.output().replaceFirst("(?s).*secret key +(\\S+).*", "$1");
            assertTrue(cairn.cairn("user", "ls").output().contains(accessKey));
            assertFalse(cairn.cairn("user", "ls").output().contains(secret));
            assertEquals(200, list(curl, cairn, accessKey, secret));
            cairn.cairn("user", "disable", accessKey);
            assertEquals(403, list(curl, cairn, accessKey, secret));
            cairn.cairn("user", "enable", accessKey);
            assertEquals(200, list(curl, cairn, accessKey, secret));
            String fresh =
                    cairn.cairn("user", "rotate", accessKey).output().replaceFirst("(?s).*secret key +(\\S+).*", "$1");
            assertEquals(403, list(curl, cairn, accessKey, secret));
            assertEquals(200, list(curl, cairn, accessKey, fresh));
            assertEquals(1, cairn.cairn("user", "disable", "NOBODY").status());
            List<String> secrets = List.of(secret, fresh);
            assertTrue(secrets.stream().noneMatch(cairn.output()::contains), "a secret in the log");
        }
    }

    private static int list(Curl curl, RunningCairn cairn, String accessKey, String secret) {
        return curl.with(
                        "--user",
                        accessKey + ":" + secret,
                        "--aws-sigv4",
                        "aws:amz:us-east-1:s3",
                        "-H",
                        "x-amz-content-sha256: UNSIGNED-PAYLOAD")
                .status(cairn.s3() + "/");
    }
}

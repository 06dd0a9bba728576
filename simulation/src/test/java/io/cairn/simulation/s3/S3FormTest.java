package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.wire.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class S3FormTest extends S3FaceTest {
    private final Instant now = Clock.system().now();

    private Map<String, String> fields(Duration life, String conditions) {
        String credential = client.signer().credential(now);
        String date = Timestamps.basic(now);
        String policy = "{\"expiration\":\"" + Timestamps.iso(now.plus(life)) + "\",\"conditions\":["
                + "{\"bucket\":\"" + name() + "\"},[\"starts-with\",\"$key\",\"up/\"],"
                + "{\"x-amz-credential\":\"" + credential + "\"},{\"x-amz-date\":\"" + date + "\"},"
                + "{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"}" + conditions + "]}";
        String encoded = Base64.getEncoder().encodeToString(policy.getBytes(StandardCharsets.UTF_8));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "up/${filename}");
        fields.put("policy", encoded);
        fields.put("x-amz-credential", credential);
        fields.put("x-amz-date", date);
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        fields.put("x-amz-signature", client.signer().signPolicy(encoded, now));
        return fields;
    }

    private S3Client.Answer post(Map<String, String> fields, String content) {
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> form.append("--edge\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        form.append("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n")
                .append(content)
                .append("\r\n--edge--\r\n");
        return client.anonymous(
                "POST",
                bucket,
                form.toString().getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "multipart/form-data; boundary=edge");
    }

    @Test
    void form_withSignedPolicy_storesItsFile() {
        Map<String, String> fields = fields(
                Duration.ofMinutes(1),
                ",[\"content-length-range\",1,10],{\"success_action_status\":\"201\"},{\"x-amz-meta-a\":\"1\"}");
        fields.put("success_action_status", "201");
        fields.put("x-amz-meta-a", "1");
        S3Client.Answer answer = post(fields, "content");
        assertEquals(201, answer.status(), answer.text());
        assertEquals("up/a.txt", answer.element("Key"));
        assertEquals("http://" + client.host() + bucket + "/up/a.txt", answer.element("Location"));
        assertEquals(answer.element("Location"), answer.header("location"));
        S3Client.Answer get = client.get(bucket + "/up/a.txt");
        assertEquals("content", get.text());
        assertEquals("1", get.header("x-amz-meta-a"));
        assertEquals("EntityTooLarge", post(fields, "content".repeat(3)).code());
        assertEquals("content", client.get(bucket + "/up/a.txt").text());
    }

    @Test
    void form_withRedirect_sendsTheBrowserThere() {
        String link = "http://localhost/done";
        Map<String, String> fields = fields(Duration.ofMinutes(1), ",{\"success_action_redirect\":\"" + link + "\"}");
        fields.put("success_action_redirect", link);
        S3Client.Answer answer = post(fields, "content");
        assertEquals(303, answer.status(), answer.text());
        assertTrue(answer.header("location").startsWith(link + "?bucket=" + name() + "&key=up%2Fa.txt&etag="));
    }

    @Test
    void form_againstItsPolicy_isRefused() {
        Map<String, String> expired = fields(Duration.ofMinutes(-1), "");
        assertEquals("AccessDenied", post(expired, "x").code());
        Map<String, String> elsewhere = fields(Duration.ofMinutes(1), "");
        elsewhere.put("key", "other/k");
        assertEquals("AccessDenied", post(elsewhere, "x").code());
        Map<String, String> forged = fields(Duration.ofMinutes(1), "");
        forged.put("x-amz-signature", "0".repeat(64));
        assertEquals("SignatureDoesNotMatch", post(forged, "x").code());
        assertEquals("AccessDenied", post(Map.of("key", "up/k"), "x").code());
        assertEquals("0", client.get(bucket + "?list-type=2").element("KeyCount"));
    }
}

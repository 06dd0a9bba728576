package io.cairn.wire.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ByteSource;
import io.cairn.wire.payload.PayloadSpec;
import io.cairn.wire.payload.VerifiedPayload;
import io.cairn.wire.sigv4.SigV4Signer;
import io.cairn.wire.sigv4.SigV4Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UploadFormTest {
    private static final String TYPE = "multipart/form-data; boundary=\"----b0un dary\"";
    private static final String BOUNDARY = "----b0un dary";
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] body(Map<String, String> fields, String fileName, byte[] file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fields.forEach((name, value) -> out.writeBytes(utf8("--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")));
        out.writeBytes(utf8("--" + BOUNDARY + "\r\ncontent-disposition: form-data; name=file; filename=\"" + fileName
                + "\"\r\nContent-Type: image/png\r\n\r\n"));
        out.writeBytes(file);
        out.writeBytes(utf8("\r\n--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"submit\"\r\n\r\nUpload\r\n--" + BOUNDARY + "--\r\n"));
        return out.toByteArray();
    }

    private static ByteSource pieces(SplittableRandom random, byte[] bytes) {
        ByteSource whole = ByteSource.of(bytes);
        int most = 1 + random.nextInt(3_000);
        return (target, offset, length) -> whole.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
    }

    /** Content that is full of almost-delimiters. */
    private static byte[] file(SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(200); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> out.writeBytes(utf8("\r\n"));
                case 1 -> out.writeBytes(utf8("\r\n--" + BOUNDARY.substring(random.nextInt(3) + 1)));
                case 2 ->
                    out.writeBytes(utf8("\r\n--" + BOUNDARY.substring(0, random.nextInt(BOUNDARY.length())) + "~"));
                default -> {
                    byte[] bytes = new byte[random.nextInt(2000)];
                    random.nextBytes(bytes);
                    out.writeBytes(bytes);
                }
            }
        }
        return out.toByteArray();
    }

    @Test
    void anyFile_inAnyPieces_arrives() {
        Property.holds(200, random -> {
            byte[] file = file(random);
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("Key", "user/${filename}");
            fields.put("x-amz-meta-tag", "é\r\n--x");
            fields.put("empty", "");
            UploadForm form = UploadForm.open(TYPE, pieces(random, body(fields, "C:\\dir\\a b.png", file)));
            assertEquals("user/a b.png", form.key());
            assertEquals("é\r\n--x", form.field("x-amz-meta-tag").orElseThrow());
            assertEquals("", form.field("empty").orElseThrow());
            ByteSource content = form.file(0, Long.MAX_VALUE);
            assertArrayEquals(file, content.readAll(1 << 20));
            assertEquals(-1, content.read(new byte[1], 0, 1));
        });
    }

    @Test
    void damagedForms_failWithS3ErrorsAlone() {
        Property.holds(2000, random -> {
            byte[] body = body(Map.of("key", "k", "acl", "private"), "f", utf8("content"));
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) "\r\n-;=\":x\u0000".charAt(random.nextInt(9));
            }
            byte[] cut = random.nextBoolean() ? body : java.util.Arrays.copyOf(body, random.nextInt(body.length));
            try {
                UploadForm form = UploadForm.open(TYPE, pieces(random, cut));
                assertTrue(form.file(0, 1 << 20).readAll(1 << 20).length < body.length);
            } catch (S3Exception refused) {
                assertTrue(refused.error().status() < 500);
            }
        });
    }

    @Test
    void file_holdingALongerBoundary_isRefusedNotCut() {
        byte[] file = utf8("abc\r\n--" + BOUNDARY + "x\r\ndef");
        assertEquals(S3Error.MALFORMED_POST_REQUEST, errorOf(TYPE, body(Map.of("key", "k"), "f", file)));
    }

    private static S3Error errorOf(String type, byte[] body) {
        return assertThrows(
                        S3Exception.class,
                        () -> UploadForm.open(type, ByteSource.of(body))
                                .file(3, 8)
                                .readAll(99))
                .error();
    }

    @Test
    void formsBeyondTheirBounds_haveTheirOwnErrors() {
        byte[] small = body(Map.of("key", "k"), "f", utf8("ab"));
        assertEquals(S3Error.ENTITY_TOO_SMALL, errorOf(TYPE, small));
        assertEquals(S3Error.ENTITY_TOO_LARGE, errorOf(TYPE, body(Map.of("key", "k"), "f", utf8("123456789"))));
        assertEquals(
                S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED,
                errorOf(TYPE, body(Map.of("key", "k".repeat(21_000)), "f", utf8("abc"))));
        assertEquals(S3Error.PRECONDITION_FAILED, errorOf("application/x-www-form-urlencoded", small));
        assertEquals(S3Error.MALFORMED_POST_REQUEST, errorOf("multipart/form-data", small));
        assertEquals(S3Error.MALFORMED_POST_REQUEST, errorOf("multipart/form-data; boundary=other", small));
        byte[] noFile = utf8(
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--" + BOUNDARY + "--");
        assertEquals(S3Error.INCORRECT_NUMBER_OF_FILES_IN_POST_REQUEST, errorOf(TYPE, noFile));
    }

    private static final SigV4Signer SIGNER = new SigV4Signer("KEY", "SECRET", "us-east-1");
    private final SigV4Verifier verifier = new SigV4Verifier(key -> Optional.of("SECRET"));

    private static Map<String, String> signedFields(String policyJson) {
        String policy = Base64.getEncoder().encodeToString(utf8(policyJson));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "user/${filename}");
        fields.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        fields.put("X-Amz-Credential", SIGNER.credential(NOW));
        fields.put("X-Amz-Date", "20261122T150000Z");
        fields.put("Policy", policy);
        fields.put("X-Amz-Signature", SIGNER.signPolicy(policy, NOW));
        return fields;
    }

    private static String policy(String conditions) {
        return """
                {"expiration": "2026-11-22T16:00:00.000Z", "conditions": [
                  {"bucket": "b"}, ["starts-with", "$key", "user/"], ["content-length-range", 1, "10"],
                  ["starts-with", "$x-amz-credential", ""], {"X-Amz-Algorithm": "AWS4-HMAC-SHA256"},
                  ["eq", "$x-amz-date", "20261122T150000Z"]%s]}""".formatted(conditions);
    }

    private UploadForm open(Map<String, String> fields) throws IOException {
        return UploadForm.open(TYPE, ByteSource.of(body(fields, "f.txt", utf8("hello"))));
    }

    private static void check(UploadForm form, String bucket, Instant now) {
        PostPolicy.parse(form.field("policy").orElseThrow()).check(form.fields(), bucket, form.key(), now);
    }

    @Test
    void signedForm_thatMeetsItsPolicy_isAccepted() throws IOException {
        UploadForm form = open(signedFields(policy("")));
        assertEquals(Optional.of("KEY"), form.authenticate(verifier));
        check(form, "b", NOW);
        PostPolicy policy = PostPolicy.parse(form.field("policy").orElseThrow());
        assertEquals(1, policy.fileBytesMin());
        assertEquals(10, policy.fileBytesMax());
        VerifiedPayload payload = VerifiedPayload.open(
                PayloadSpec.ofForm(form.headers()),
                Optional.empty(),
                form.file(1, 10),
                VerifiedPayload.Wanted.nothing());
        assertArrayEquals(utf8("hello"), payload.readAll(10));
    }

    @Test
    void formsAgainstTheirPolicy_areDenied() throws IOException {
        UploadForm form = open(signedFields(policy("")));
        assertEquals(
                "Invalid according to Policy: Policy expired.",
                assertThrows(S3Exception.class, () -> check(form, "b", NOW.plusSeconds(3600)))
                        .message());
        assertEquals(
                "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$bucket\", \"b\"]",
                assertThrows(S3Exception.class, () -> check(form, "other", NOW)).message());
        UploadForm missing = open(signedFields(policy(", {\"acl\": \"private\"}")));
        assertThrows(S3Exception.class, () -> check(missing, "b", NOW));
        Map<String, String> more = signedFields(policy(""));
        more.put("x-ignore-me", "1");
        check(open(more), "b", NOW);
        more.put("acl", "public-read");
        UploadForm extra = open(more);
        assertEquals(
                "Invalid according to Policy: Extra input fields: acl",
                assertThrows(S3Exception.class, () -> check(extra, "b", NOW)).message());
    }

    @Test
    void forgedOrOldSignatures_areRefused() throws IOException {
        Map<String, String> forged = signedFields(policy(""));
        forged.put("Policy", Base64.getEncoder().encodeToString(utf8(policy(" "))));
        UploadForm form = open(forged);
        assertEquals(
                S3Error.SIGNATURE_DOES_NOT_MATCH,
                assertThrows(S3Exception.class, () -> form.authenticate(verifier))
                        .error());
        UploadForm v2 = open(Map.of("key", "k", "AWSAccessKeyId", "KEY", "policy", "e30=", "signature", "x"));
        assertEquals(
                S3Error.INVALID_REQUEST,
                assertThrows(S3Exception.class, () -> v2.authenticate(verifier)).error());
        assertEquals(Optional.empty(), open(Map.of("key", "k")).authenticate(verifier));
    }

    @Test
    void brokenPolicies_areInvalidDocuments() {
        String sound = policy("");
        for (String json : new String[] {
            "",
            "[]",
            "{}",
            "{\"expiration\": \"2026-11-22T16:00:00Z\"}",
            "{\"conditions\": []}",
            sound + "x",
            sound.replace("starts-with", "ends-with"),
            sound.replace("$key", "key"),
            sound.replace("\"10\"", "-10"),
            sound.replace("2026-11-22T16", "tomorrow"),
            sound.replace("{\"bucket\": \"b\"}", "{\"bucket\": \"b\", \"bucket\": \"c\"}"),
            sound.replace("\"b\"", "7"),
            "[".repeat(10_000)
        }) {
            String base64 = Base64.getEncoder().encodeToString(utf8(json));
            S3Exception refused = assertThrows(S3Exception.class, () -> PostPolicy.parse(base64), json);
            assertEquals(S3Error.INVALID_POLICY_DOCUMENT, refused.error());
        }
    }

    @Test
    void damagedPolicies_failWithS3ErrorsAlone() {
        Property.holds(2000, random -> {
            byte[] json = utf8(policy(", {\"acl\": \"\\u00e9\"}"));
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                json[random.nextInt(json.length)] = random.nextBoolean()
                        ? (byte) random.nextInt()
                        : (byte) "{}[]\",:\\0$".charAt(random.nextInt(10));
            }
            try {
                assertTrue(!PostPolicy.parse(Base64.getEncoder().encodeToString(json))
                        .conditions()
                        .isEmpty());
            } catch (S3Exception refused) {
                assertEquals(S3Error.INVALID_POLICY_DOCUMENT, refused.error());
            }
        });
    }
}

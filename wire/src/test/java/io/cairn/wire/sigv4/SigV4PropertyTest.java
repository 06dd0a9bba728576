package io.cairn.wire.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SigV4PropertyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final String ACCESS_KEY = "CAIRNTESTKEY";
    private static final String SECRET = "a secret / of + many ~ letters";

    private final SigV4Signer signer = new SigV4Signer(ACCESS_KEY, SECRET, "eu-north-9");
    private final SigV4Verifier verifier =
            new SigV4Verifier(key -> key.equals(ACCESS_KEY) ? Optional.of(SECRET) : Optional.empty());

    private static String text(SplittableRandom random, int lengthMax) {
        StringBuilder out = new StringBuilder();
        int length = random.nextInt(lengthMax + 1);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(10);
            int c = kind < 6 ? random.nextInt(0x20, 0x7f) : kind < 8 ? random.nextInt(0x80, 0x800) : 0x1F600;
            out.appendCodePoint(c);
        }
        return out.toString();
    }

    private static SignedRequest randomUnsigned(SplittableRandom random) {
        String path = "/bucket/" + Percent.encodeKey(text(random, 20));
        StringBuilder query = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            query.append(query.isEmpty() ? "" : "&").append("p" + Percent.encode(text(random, 5)));
            if (random.nextBoolean()) {
                query.append('=').append(Percent.encode(text(random, 10)));
            }
        }
        List<Header> headers = new ArrayList<>(List.of(new Header("Host", "127.0.0.1:9000")));
        for (int i = random.nextInt(4); i > 0; i--) {
            String value = SigV4Signer.headerText(text(random, 15));
            headers.add(new Header("X-Amz-Meta-N" + random.nextInt(3), value));
        }
        String method = List.of("GET", "PUT", "HEAD", "DELETE", "POST").get(random.nextInt(5));
        return new SignedRequest(method, path, query.toString(), headers, NOW);
    }

    private SignedRequest signed(SignedRequest r) {
        List<Header> headers = signer.sign(
                        r.method(), r.rawPath(), r.rawQuery(), r.headers(), new PayloadMode.Unsigned(), NOW)
                .headers();
        return new SignedRequest(r.method(), r.rawPath(), r.rawQuery(), headers, NOW);
    }

    private SignedRequest presigned(SignedRequest r) {
        String query = signer.presign(r.method(), r.rawPath(), r.rawQuery(), r.headers(), Duration.ofMinutes(5), NOW);
        return new SignedRequest(r.method(), r.rawPath(), query, r.headers(), NOW);
    }

    @Test
    void anyRequest_signedByTheSigner_isAcceptedByTheVerifier() {
        Property.holds(500, random -> {
            SignedRequest request = randomUnsigned(random);
            assertInstanceOf(Authentication.Signed.class, verifier.authenticate(signed(request)));
            assertInstanceOf(Authentication.Signed.class, verifier.authenticate(presigned(request)));
        });
    }

    private static String flip(SplittableRandom random, String text) {
        int at = random.nextInt(text.length());
        char other = text.charAt(at) == 'q' ? 'z' : 'q';
        return text.substring(0, at) + other + text.substring(at + 1);
    }

    private static SignedRequest tampered(SplittableRandom random, SignedRequest r) {
        List<Header> headers = new ArrayList<>(r.headers());
        switch (random.nextInt(5)) {
            case 0 -> {
                return new SignedRequest(r.method() + "X", r.rawPath(), r.rawQuery(), headers, NOW);
            }
            case 1 -> {
                return new SignedRequest(r.method(), r.rawPath() + "x", r.rawQuery(), headers, NOW);
            }
            case 2 -> {
                String query = r.rawQuery() + (r.rawQuery().isEmpty() ? "" : "&") + "versionId=1";
                return new SignedRequest(r.method(), r.rawPath(), query, headers, NOW);
            }
            case 3 -> headers.add(new Header("x-amz-meta-new", "1"));
            default -> {
                int at = random.nextInt(headers.size());
                Header header = headers.get(at);
                String value = header.value().isBlank()
                        ? "tampered"
                        : flip(random, header.value().strip());
                headers.set(at, new Header(header.name(), value));
            }
        }
        return new SignedRequest(r.method(), r.rawPath(), r.rawQuery(), headers, NOW);
    }

    @Test
    void anySignedPart_tampered_isRefused() {
        Property.holds(500, random -> {
            SignedRequest request = randomUnsigned(random);
            SignedRequest header = tampered(random, signed(request));
            assertThrows(S3Exception.class, () -> verifier.authenticate(header));
            SignedRequest query = tampered(random, presigned(request));
            assertThrows(S3Exception.class, () -> verifier.authenticate(query));
        });
    }

    private static String damage(SplittableRandom random, String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(out.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> out.insert(at, (char) random.nextInt(0x180));
                case 1 -> out.delete(at, Math.min(out.length(), at + random.nextInt(8)));
                default -> out.setLength(at);
            }
        }
        return out.toString();
    }

    @Test
    void damagedRequests_ofAnyKind_failWithS3ErrorsAlone() {
        Property.holds(3000, random -> {
            SignedRequest r = random.nextBoolean() ? signed(randomUnsigned(random)) : presigned(randomUnsigned(random));
            List<Header> headers = r.headers().stream()
                    .map(header -> random.nextInt(4) == 0
                            ? new Header(damage(random, header.name()), damage(random, header.value()))
                            : header)
                    .toList();
            String query = random.nextBoolean() ? damage(random, r.rawQuery()) : r.rawQuery();
            String path = random.nextInt(4) == 0 ? damage(random, r.rawPath()) : r.rawPath();
            try {
                Authentication who = verifier.authenticate(new SignedRequest(r.method(), path, query, headers, NOW));
                assertTrue(who instanceof Authentication.Signed || who instanceof Authentication.Anonymous);
            } catch (S3Exception expected) {
                assertTrue(expected.error().status() >= 400);
            }
        });
    }

    private static SignedRequest at(SignedRequest r, Instant now) {
        return new SignedRequest(r.method(), r.rawPath(), r.rawQuery(), r.headers(), now);
    }

    private S3Exception refused(SignedRequest request) {
        return assertThrows(S3Exception.class, () -> verifier.authenticate(request));
    }

    private static final SignedRequest SIMPLE =
            new SignedRequest("GET", "/b/k", "", List.of(new Header("host", "h")), NOW);

    @Test
    void clockSkew_beyondFifteenMinutes_isRefusedEitherWay() {
        SignedRequest request = signed(SIMPLE);
        assertInstanceOf(Authentication.Signed.class, verifier.authenticate(at(request, NOW.plusSeconds(900))));
        assertInstanceOf(Authentication.Signed.class, verifier.authenticate(at(request, NOW.minusSeconds(900))));
        assertEquals(
                S3Error.REQUEST_TIME_TOO_SKEWED,
                refused(at(request, NOW.plusSeconds(901))).error());
        S3Exception early = refused(at(request, NOW.minusSeconds(901)));
        assertEquals(S3Error.REQUEST_TIME_TOO_SKEWED, early.error());
        assertEquals("900000", early.elements().get("MaxAllowedSkewMilliseconds"));
    }

    @Test
    void presignedRequest_outsideItsLife_isRefused() {
        SignedRequest request = presigned(SIMPLE);
        assertInstanceOf(Authentication.Signed.class, verifier.authenticate(at(request, NOW.plusSeconds(300))));
        assertEquals(
                "Request has expired",
                refused(at(request, NOW.plusSeconds(301))).message());
        assertEquals(
                "Request is not valid yet",
                refused(at(request, NOW.minusSeconds(901))).message());
        for (long seconds : new long[] {0, -1, 604_801}) {
            String query = signer.presign("GET", "/b/k", "", SIMPLE.headers(), Duration.ofSeconds(seconds), NOW);
            S3Exception refused = refused(new SignedRequest("GET", "/b/k", query, SIMPLE.headers(), NOW));
            assertEquals(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, refused.error());
        }
    }

    @Test
    void unknownKeysAndOtherSchemes_areRefusedWithTheirOwnErrors() {
        SignedRequest stranger = new SignedRequest(
                "GET",
                "/b/k",
                "",
                new SigV4Signer("NOBODY", SECRET, "x")
                        .sign("GET", "/b/k", "", SIMPLE.headers(), new PayloadMode.Unsigned(), NOW)
                        .headers(),
                NOW);
        assertEquals(S3Error.INVALID_ACCESS_KEY_ID, refused(stranger).error());
        assertEquals(
                S3Error.INVALID_REQUEST,
                refused(withAuthorization("AWS AKID:c2ln")).error());
        assertEquals(
                S3Error.INVALID_ARGUMENT,
                refused(withAuthorization("Basic YTpi")).error());
        assertEquals(
                S3Error.AUTHORIZATION_HEADER_MALFORMED,
                refused(withAuthorization("AWS4-HMAC-SHA256 Credential=a/20261122/r/sts/aws4_request,"
                                + "SignedHeaders=host,Signature=00"))
                        .error());
        SignedRequest v2 =
                new SignedRequest("GET", "/b/k", "AWSAccessKeyId=a&Expires=1&Signature=b", SIMPLE.headers(), NOW);
        assertEquals(S3Error.INVALID_REQUEST, refused(v2).error());
        assertInstanceOf(Authentication.Anonymous.class, verifier.authenticate(SIMPLE));
    }

    private static SignedRequest withAuthorization(String value) {
        return new SignedRequest(
                "GET", "/b/k", "", List.of(new Header("host", "h"), new Header("authorization", value)), NOW);
    }

    @Test
    void wrongSecret_isRefusedAndSaysNoSecret() {
        SigV4Signer forger = new SigV4Signer(ACCESS_KEY, "another secret", "us-east-1");
        SignedRequest forged = new SignedRequest(
                "GET",
                "/b/k",
                "",
                forger.sign("GET", "/b/k", "", SIMPLE.headers(), new PayloadMode.Unsigned(), NOW)
                        .headers(),
                NOW);
        S3Exception refused = refused(forged);
        assertEquals(S3Error.SIGNATURE_DOES_NOT_MATCH, refused.error());
        assertTrue(refused.elements().values().stream().noneMatch(value -> value.contains(SECRET)));
    }

    @Test
    void equalWaysToWriteAPathAndQuery_haveOneSignature() {
        List<Header> headers = signer.sign(
                        "GET", "/b/a%20b%2Bc~", "x=1%202&a", SIMPLE.headers(), new PayloadMode.Unsigned(), NOW)
                .headers();
        SignedRequest other = new SignedRequest("GET", "/b/a%20b+c%7e", "a=&x=1+2", headers, NOW);
        assertInstanceOf(Authentication.Signed.class, verifier.authenticate(other));
    }
}

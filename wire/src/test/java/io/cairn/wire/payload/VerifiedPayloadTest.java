package io.cairn.wire.payload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.testkit.Property;
import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.Authentication;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import io.cairn.wire.sigv4.SigV4Verifier;
import io.cairn.wire.sigv4.SignedRequest;
import io.cairn.wire.sigv4.SigningContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VerifiedPayloadTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final SigV4Signer SIGNER = new SigV4Signer("KEY", "SECRET", "us-east-1");
    private static final VerifiedPayload.Wanted ETAG = new VerifiedPayload.Wanted(true, Set.of());

    private final SigV4Verifier verifier = new SigV4Verifier(key -> Optional.of("SECRET"));

    /** A request as a client makes it: its head and the bytes of its body. */
    private record Upload(List<Header> headers, byte[] body) {}

    private static byte[] random(SplittableRandom random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Upload upload(SplittableRandom random, byte[] content, PayloadMode mode, ChecksumAlgorithm algorithm)
            throws IOException {
        Header checksum =
                new Header(algorithm.header(), Base64.getEncoder().encodeToString(Checksum.digest(algorithm, content)));
        List<Header> headers = new ArrayList<>(List.of(new Header("host", "h")));
        if (!(mode instanceof PayloadMode.Chunked chunked)) {
            headers.add(new Header("content-length", "" + content.length));
            headers.add(checksum);
            return new Upload(sign(headers, mode).headers(), content);
        }
        headers.add(new Header("x-amz-decoded-content-length", "" + content.length));
        headers.add(chunked.trailer() ? new Header("x-amz-trailer", checksum.name()) : checksum);
        SigV4Signer.Signed signed = sign(headers, mode);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        AwsChunkedWriter writer = new AwsChunkedWriter(
                body, chunked, chunked.signed() ? Optional.of(signed.context().chunks()) : Optional.empty());
        for (int at = 0; at < content.length; ) {
            int n = Math.min(content.length - at, 1 + random.nextInt(20_000));
            writer.write(content, at, n);
            at += n;
        }
        writer.finish(chunked.trailer() ? List.of(checksum) : List.of());
        return new Upload(signed.headers(), body.toByteArray());
    }

    private static SigV4Signer.Signed sign(List<Header> headers, PayloadMode mode) {
        return SIGNER.sign("PUT", "/b/k", "", headers, mode, NOW);
    }

    private VerifiedPayload open(Upload upload, ByteSource raw, VerifiedPayload.Wanted wanted) {
        Authentication who = verifier.authenticate(new SignedRequest("PUT", "/b/k", "", upload.headers(), NOW));
        Authentication.Signed signed = (Authentication.Signed) who;
        return VerifiedPayload.open(
                PayloadSpec.of(signed.payload(), upload.headers()), Optional.of(signed.context()), raw, wanted);
    }

    /** The bytes in pieces of random sizes, as a network delivers them. */
    private static ByteSource pieces(SplittableRandom random, byte[] bytes) {
        ByteSource whole = ByteSource.of(bytes);
        int most = 1 + random.nextInt(30_000);
        return (target, offset, length) -> whole.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
    }

    private static PayloadMode mode(SplittableRandom random, byte[] content) {
        return switch (random.nextInt(5)) {
            case 0 -> new PayloadMode.Unsigned();
            case 1 -> SigV4Signer.hashed(content);
            case 2 -> PayloadMode.Chunked.SIGNED;
            case 3 -> PayloadMode.Chunked.SIGNED_TRAILER;
            default -> PayloadMode.Chunked.UNSIGNED_TRAILER;
        };
    }

    private static <T> T any(SplittableRandom random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    @Test
    void anyContent_inAnyModeAndPieces_arrivesAndIsDigested() {
        Property.holds(200, random -> {
            byte[] content = random(random, random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(100_000));
            ChecksumAlgorithm algorithm = any(random, ChecksumAlgorithm.values());
            ChecksumAlgorithm more = any(random, ChecksumAlgorithm.values());
            Upload upload = upload(random, content, mode(random, content), algorithm);
            VerifiedPayload payload =
                    open(upload, pieces(random, upload.body()), new VerifiedPayload.Wanted(true, Set.of(more)));
            assertArrayEquals(content, payload.readAll(content.length));
            assertEquals(-1, payload.read(new byte[1], 0, 1));
            assertArrayEquals(
                    MessageDigest.getInstance("MD5").digest(content),
                    payload.digests().md5().orElseThrow());
            for (ChecksumAlgorithm computed : List.of(algorithm, more)) {
                assertArrayEquals(
                        Checksum.digest(computed, content),
                        payload.digests().checksums().get(computed));
            }
        });
    }

    @Test
    void anyFlippedByte_ofAChunkedBody_isRefused() {
        Property.holds(300, random -> {
            byte[] content = random(random, 1 + random.nextInt(2000));
            PayloadMode mode = any(random, new PayloadMode[] {
                PayloadMode.Chunked.SIGNED, PayloadMode.Chunked.SIGNED_TRAILER, PayloadMode.Chunked.UNSIGNED_TRAILER
            });
            Upload upload = upload(random, content, mode, any(random, ChecksumAlgorithm.values()));
            byte[] body = upload.body().clone();
            int at = random.nextInt(body.length);
            body[at] ^= (byte) (1 << random.nextInt(8));
            VerifiedPayload payload = open(upload, pieces(random, body), ETAG);
            try {
                // A few flips change nothing that counts: the case of a size or a name, or the very last line end.
                assertArrayEquals(content, payload.readAll(content.length + 1));
            } catch (S3Exception refused) {
                assertTrue(refused.error().status() < 500);
            }
        });
    }

    @Test
    void truncatedOrExtendedBodies_areRefused() {
        Property.holds(200, random -> {
            byte[] content = random(random, 10 + random.nextInt(2000));
            Upload upload = upload(random, content, mode(random, content), ChecksumAlgorithm.CRC32);
            int cut = upload.body().length - 6 - random.nextInt(5);
            byte[] shorter = Arrays.copyOf(upload.body(), cut);
            VerifiedPayload payload = open(upload, pieces(random, shorter), ETAG);
            assertThrows(S3Exception.class, () -> payload.readAll(1 << 20));
            byte[] longer = Arrays.copyOf(upload.body(), upload.body().length + 3);
            VerifiedPayload extended = open(upload, pieces(random, longer), ETAG);
            assertThrows(S3Exception.class, () -> extended.readAll(1 << 20));
        });
    }

    @Test
    void garbage_inPlaceOfChunks_failsWithS3ErrorsAlone() {
        Property.holds(2000, random -> {
            byte[] content = random(random, random.nextInt(300));
            PayloadMode.Chunked mode = any(random, PayloadMode.Chunked.values());
            Upload upload = upload(random, content, mode, ChecksumAlgorithm.SHA1);
            ByteArrayOutputStream damaged = new ByteArrayOutputStream();
            for (byte b : upload.body()) {
                switch (random.nextInt(60)) {
                    case 0 -> {}
                    case 1 -> damaged.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
                    case 2 -> damaged.writeBytes("ffffffffff;".getBytes(StandardCharsets.US_ASCII));
                    case 3 -> damaged.writeBytes(random(random, random.nextInt(6000)));
                    default -> damaged.write(b);
                }
            }
            VerifiedPayload payload = open(upload, pieces(random, damaged.toByteArray()), ETAG);
            try {
                assertArrayEquals(content, payload.readAll(1 << 20));
            } catch (S3Exception refused) {
                assertTrue(refused.error().status() < 500);
            }
        });
    }

    private static S3Error errorOf(PayloadMode mode, byte[] body, Header... headers) {
        return assertThrows(
                        S3Exception.class,
                        () -> VerifiedPayload.open(
                                        PayloadSpec.of(mode, List.of(headers)),
                                        Optional.empty(),
                                        ByteSource.of(body),
                                        ETAG)
                                .readAll(1 << 20))
                .error();
    }

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final Header FIVE = new Header("Content-Length", "5");

    @Test
    void wrongDigests_haveTheirOwnErrors() {
        PayloadMode unsigned = new PayloadMode.Unsigned();
        assertEquals(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH, errorOf(SigV4Signer.hashed(new byte[1]), HELLO, FIVE));
        Header md5 = new Header("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==");
        assertEquals(S3Error.BAD_DIGEST, errorOf(unsigned, HELLO, FIVE, md5));
        assertEquals(
                S3Error.BAD_DIGEST, errorOf(unsigned, HELLO, FIVE, new Header("x-amz-checksum-crc32", "AAAAAA==")));
        assertEquals(S3Error.INVALID_DIGEST, errorOf(unsigned, HELLO, FIVE, new Header("Content-MD5", "AAAA")));
        assertEquals(S3Error.INVALID_DIGEST, errorOf(unsigned, HELLO, FIVE, new Header("Content-MD5", "?")));
        assertEquals(S3Error.INCOMPLETE_BODY, errorOf(unsigned, HELLO, new Header("Content-Length", "6")));
        assertEquals(S3Error.INCOMPLETE_BODY, errorOf(unsigned, HELLO, new Header("Content-Length", "4")));
        assertEquals(S3Error.MISSING_CONTENT_LENGTH, errorOf(unsigned, HELLO));
        assertEquals(S3Error.INVALID_ARGUMENT, errorOf(unsigned, HELLO, new Header("Content-Length", "-5")));
        assertEquals(
                S3Error.ACCESS_DENIED,
                errorOf(PayloadMode.Chunked.SIGNED, HELLO, new Header("X-Amz-Decoded-Content-Length", "5")));
    }

    @Test
    void contradictoryChecksumHeaders_areInvalidRequests() {
        PayloadMode unsigned = new PayloadMode.Unsigned();
        Header crc = new Header("x-amz-checksum-crc32", "NhCmhg==");
        for (Header other : List.of(
                new Header("x-amz-checksum-crc32c", "mnG7TA=="),
                new Header("x-amz-checksum-crc32", "NhCmhg=="),
                new Header("x-amz-checksum-md4", "NhCmhg=="),
                new Header("x-amz-sdk-checksum-algorithm", "SHA1"),
                new Header("x-amz-sdk-checksum-algorithm", "MD4"),
                new Header("x-amz-trailer", "x-amz-checksum-sha1"))) {
            assertEquals(S3Error.INVALID_REQUEST, errorOf(unsigned, HELLO, FIVE, crc, other), other.toString());
        }
        Header lonely = new Header("x-amz-sdk-checksum-algorithm", "CRC32");
        assertEquals(S3Error.INVALID_REQUEST, errorOf(unsigned, HELLO, FIVE, lonely));
        assertEquals(
                S3Error.INVALID_REQUEST,
                errorOf(unsigned, HELLO, FIVE, new Header("x-amz-checksum-sha256", "NhCmhg==")));
    }

    private static String unsignedTrailer(String body, Header... more) throws IOException {
        List<Header> headers = new ArrayList<>(List.of(more));
        headers.add(new Header("x-amz-decoded-content-length", "5"));
        return new String(
                VerifiedPayload.open(
                                PayloadSpec.of(PayloadMode.Chunked.UNSIGNED_TRAILER, headers),
                                Optional.empty(),
                                ByteSource.of(body.getBytes(StandardCharsets.US_ASCII)),
                                ETAG)
                        .readAll(100),
                StandardCharsets.US_ASCII);
    }

    private static final Header TRAILER = new Header("X-Amz-Trailer", "x-amz-checksum-crc32");

    @Test
    void trailerForms_ofDifferentClients_areUnderstood() throws IOException {
        String end = "x-amz-checksum-crc32:NhCmhg==";
        for (String body : List.of(
                "5\r\nhello\r\n0\r\n" + end + "\r\n\r\n",
                "5\r\nhello\r\n0\r\n" + end + "\n\r\n\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\n" + end + "\r\n",
                "2\r\nhe\r\n3\r\nllo\r\n0\r\n" + end)) {
            assertEquals("hello", unsignedTrailer(body, TRAILER), body);
        }
        assertEquals("hello", unsignedTrailer("5\r\nhello\r\n0\r\n\r\n"));
    }

    @Test
    void wrongTrailers_areRefused() {
        record Case(String trailer, S3Error error) {}
        for (Case wrong : List.of(
                new Case("", S3Error.MALFORMED_TRAILER),
                new Case("x-amz-checksum-crc32c:mnG7TA==\r\n", S3Error.MALFORMED_TRAILER),
                new Case("x-amz-checksum-crc32:NhCmhg==\r\nx-amz-meta-a:1\r\n", S3Error.MALFORMED_TRAILER),
                new Case("nonsense\r\n", S3Error.MALFORMED_TRAILER),
                new Case("x-amz-checksum-crc32:AAAA\r\n", S3Error.INVALID_REQUEST),
                new Case("x-amz-checksum-crc32:AAAAAA==\r\n", S3Error.BAD_DIGEST))) {
            S3Exception refused = assertThrows(
                    S3Exception.class, () -> unsignedTrailer("5\r\nhello\r\n0\r\n" + wrong.trailer(), TRAILER));
            assertEquals(wrong.error(), refused.error(), wrong.trailer());
        }
    }

    @Test
    void chunkedBodyFromTheReference_isAccepted() throws IOException {
        byte[] letters = new byte[66_560];
        Arrays.fill(letters, (byte) 'a');
        String credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
        String signed = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                + "x-amz-decoded-content-length;x-amz-storage-class";
        List<Header> headers = List.of(
                new Header("Host", "s3.amazonaws.com"),
                new Header("x-amz-date", "20130524T000000Z"),
                new Header("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                new Header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
                new Header("Content-Encoding", "aws-chunked"),
                new Header("x-amz-decoded-content-length", "66560"),
                new Header("Content-Length", "66824"),
                new Header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + credential + ",SignedHeaders=" + signed
                                + ",Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"));
        String body = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                + "a".repeat(65536)
                + "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                + "a".repeat(1024)
                + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
        assertEquals(66_824, body.length());
        SigV4Verifier reference = new SigV4Verifier(key -> Optional.of("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        Authentication.Signed who = (Authentication.Signed) reference.authenticate(new SignedRequest(
                "PUT", "/examplebucket/chunkObject.txt", "", headers, Instant.parse("2013-05-24T00:00:00Z")));
        Optional<SigningContext> context = Optional.of(who.context());
        VerifiedPayload payload = VerifiedPayload.open(
                PayloadSpec.of(who.payload(), headers),
                context,
                ByteSource.of(body.getBytes(StandardCharsets.US_ASCII)),
                ETAG);
        assertArrayEquals(letters, payload.readAll(letters.length));
    }

    @Test
    void readAll_beyondItsLimit_isRefused() throws IOException {
        assertArrayEquals(HELLO, ByteSource.of(HELLO).readAll(5));
        S3Exception tooLong =
                assertThrows(S3Exception.class, () -> ByteSource.of(HELLO).readAll(4));
        assertEquals(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED, tooLong.error());
        assertEquals("gzip", PayloadSpec.keptContentEncoding("aws-chunked, gzip"));
        assertEquals("", PayloadSpec.keptContentEncoding("AWS-Chunked"));
    }
}

package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Clock;
import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import io.cairn.wire.Timestamps;
import io.cairn.wire.payload.AwsChunkedWriter;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3ObjectTest extends S3FaceTest {
    private static final byte[] NOTHING = new byte[0];

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String base64(ChecksumAlgorithm algorithm, byte[] bytes) {
        return Base64.getEncoder().encodeToString(Checksum.digest(algorithm, bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 131_072, 131_073, 3_000_000})
    void object_ofAnySize_readsBackWhole(int size) {
        byte[] content = random(size);
        S3Client.Answer put = client.send("PUT", bucket + "/k", content, "Content-Length", Integer.toString(size));
        assertEquals(200, put.status());
        S3Client.Answer get = client.get(bucket + "/k");
        assertArrayEquals(content, get.body());
        assertEquals(put.header("etag"), get.header("etag"));
        assertEquals("binary/octet-stream", get.header("content-type"));
        S3Client.Answer head = client.send("HEAD", bucket + "/k", NOTHING);
        assertEquals(Integer.toString(size), head.header("content-length"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a/b/c", "..", "../x", "a//b", "/", " a b ", "é😀", "a+b", "%2F", "<&>", "."})
    void key_ofAnyBytes_isTakenLiterally(String key) {
        String target = bucket + "/" + Percent.encodeKey(key);
        assertEquals(200, client.put(target, key).status());
        assertEquals(key, client.get(target).text());
        String listed = client.get(bucket + "?list-type=2&encoding-type=url").element("Key");
        assertEquals(Percent.encodeKey(key), listed);
    }

    @Test
    void key_tooLong_isRefused() {
        assertEquals(
                "KeyTooLongError",
                client.put(bucket + "/" + "k".repeat(1025), "x").code());
        assertEquals(200, client.put(bucket + "/" + "k".repeat(1024), "x").status());
    }

    @Test
    void headers_storedWithObject_comeBack() {
        client.put(
                bucket + "/k",
                "x",
                "Content-Type",
                "text/x",
                "Cache-Control",
                "no-cache",
                "Content-Encoding",
                "aws-chunked,gzip",
                "x-amz-meta-Colour",
                "blue",
                "x-amz-storage-class",
                "STANDARD",
                "x-amz-acl",
                "private");
        S3Client.Answer head = client.send("HEAD", bucket + "/k", NOTHING);
        assertEquals("text/x", head.header("content-type"));
        assertEquals("no-cache", head.header("cache-control"));
        assertEquals("gzip", head.header("content-encoding"));
        assertEquals("blue", head.header("x-amz-meta-colour"));
        S3Client.Answer get = client.get(bucket + "/k?response-content-type=a%2Fb&response-expires=never");
        assertEquals("a/b", get.header("content-type"));
        assertEquals("never", get.header("expires"));
        assertEquals(
                "InvalidArgument",
                client.get(bucket + "/k?response-expires=a%0Ab").code());
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-storage-class,GLACIER,InvalidStorageClass",
        "x-amz-acl,public-read,AccessControlListNotSupported",
        "x-amz-server-side-encryption,aws:kms,NotImplemented",
        "x-amz-server-side-encryption-customer-algorithm,AES256,NotImplemented",
        "x-amz-tagging,a=b,NotImplemented",
        "x-amz-object-lock-mode,GOVERNANCE,InvalidRequest",
        "If-None-Match,abc,NotImplemented",
        "If-Modified-Since,x,NotImplemented",
        "Content-MD5,x,InvalidDigest",
        "x-amz-checksum-crc32,AAAAAA==,BadDigest",
        "x-amz-checksum-crc32,x,InvalidRequest",
        "x-amz-website-redirect-location,x,InvalidRedirectLocation"
    })
    void put_askingForWhatIsNotDone_isRefusedAndStoresNothing(String header, String value, String code) {
        assertEquals(code, client.put(bucket + "/k", "content", header, value).code());
        assertEquals(404, client.get(bucket + "/k").status());
    }

    /** As OpenSearch asks for by default; the answer does not claim what is not done. */
    @Test
    void put_askingForTheStoresOwnEncryption_isStoredAndClaimsNothing() {
        String[] header = {"x-amz-server-side-encryption", "AES256"};
        S3Client.Answer put = client.put(bucket + "/k", "content", header);
        assertEquals(200, put.status(), put.text());
        assertEquals("", put.header("x-amz-server-side-encryption"));
        S3Client.Answer upload = client.send("POST", bucket + "/m?uploads", NOTHING, header);
        assertEquals(200, upload.status(), upload.text());
        assertEquals("", upload.header("x-amz-server-side-encryption"));
        S3Client.Answer copy = client.put(
                bucket + "/c", "", "x-amz-copy-source", name() + "/k", "x-amz-server-side-encryption", "AES256");
        assertEquals(200, copy.status(), copy.text());
        S3Client.Answer get = client.get(bucket + "/k");
        assertEquals("content", get.text());
        assertEquals("", get.header("x-amz-server-side-encryption"));
    }

    @Test
    void metadata_above2KiB_isTooLarge() {
        assertEquals(
                "MetadataTooLarge",
                client.put(bucket + "/k", "x", "x-amz-meta-a", "v".repeat(2048)).code());
        assertEquals(
                200,
                client.put(bucket + "/k", "x", "x-amz-meta-a", "v".repeat(2047)).status());
    }

    @Test
    void put_withoutLength_isRefused() {
        S3Client.Answer answer = client.send("PUT", bucket + "/k", NOTHING);
        assertEquals(411, answer.status());
        assertEquals("MissingContentLength", answer.code());
    }

    @Test
    void put_largerThan5GiB_isTooLarge() {
        S3Client.Answer answer = client.send("PUT", bucket + "/k", NOTHING, "Content-Length", "5368709121");
        assertEquals("EntityTooLarge", answer.code());
        assertEquals("5368709120", answer.element("MaxSizeAllowed"));
    }

    @Test
    void md5_notOfTheContent_isABadDigest() {
        String wrong = Base64.getEncoder().encodeToString(new byte[16]);
        assertEquals(
                "BadDigest",
                client.put(bucket + "/k", "content", "Content-MD5", wrong).code());
        assertEquals(404, client.get(bucket + "/k").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"})
    void checksum_sentWithObject_isKept(String name) {
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.named(name).orElseThrow();
        byte[] content = random(10_000);
        String sum = base64(algorithm, content);
        S3Client.Answer put = client.send("PUT", bucket + "/k", content, algorithm.header(), sum);
        assertEquals(sum, put.header(algorithm.header()));
        assertEquals("FULL_OBJECT", put.header("x-amz-checksum-type"));
        assertEquals(
                sum, client.get(bucket + "/k", "x-amz-checksum-mode", "ENABLED").header(algorithm.header()));
        assertEquals("", client.get(bucket + "/k").header(algorithm.header()));
        S3Client.Answer attributes =
                client.get(bucket + "/k?attributes", "x-amz-object-attributes", "Checksum,ObjectSize,ETag");
        assertEquals(sum, attributes.element("Checksum" + name));
        assertEquals("10000", attributes.element("ObjectSize"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGNED", "SIGNED_TRAILER", "UNSIGNED_TRAILER"})
    void chunkedBody_withTrailers_isTakenApart(String modeName) throws IOException {
        PayloadMode.Chunked mode = PayloadMode.Chunked.valueOf(modeName);
        byte[] content = random(200_000);
        S3Client.Answer put = putChunked(mode, content, base64(ChecksumAlgorithm.CRC32, content));
        assertEquals(200, put.status(), put.text());
        assertArrayEquals(content, client.get(bucket + "/k").body());
    }

    @Test
    void chunkedBody_withWrongTrailer_storesNothing() throws IOException {
        S3Client.Answer put = putChunked(PayloadMode.Chunked.UNSIGNED_TRAILER, random(200_000), "AAAAAA==");
        assertEquals("BadDigest", put.code());
        assertEquals(404, client.get(bucket + "/k").status());
    }

    private S3Client.Answer putChunked(PayloadMode.Chunked mode, byte[] content, String crc) throws IOException {
        List<Header> trailers = mode.trailer() ? List.of(new Header("x-amz-checksum-crc32", crc)) : List.of();
        List<Header> headers = new ArrayList<>(client.headers(NOTHING));
        headers.add(new Header("x-amz-decoded-content-length", Integer.toString(content.length)));
        headers.add(new Header("Content-Encoding", "aws-chunked"));
        if (mode.trailer()) {
            headers.add(new Header("x-amz-trailer", "x-amz-checksum-crc32"));
        }
        SigV4Signer.Signed signed = client.signer()
                .sign("PUT", bucket + "/k", "", headers, mode, Clock.system().now());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        AwsChunkedWriter writer = new AwsChunkedWriter(
                body, mode, mode.signed() ? Optional.of(signed.context().chunks()) : Optional.empty());
        writer.write(content, 0, 65_536);
        writer.write(content, 65_536, content.length - 65_536);
        writer.finish(trailers);
        List<Header> sent = new ArrayList<>(signed.headers());
        sent.add(new Header("Content-Length", Integer.toString(body.size())));
        return client.raw("PUT", bucket + "/k", sent, body.toByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-4,206,01234,bytes 0-4/10",
        "bytes=5-,206,56789,bytes 5-9/10",
        "bytes=-3,206,789,bytes 7-9/10",
        "bytes=-30,206,0123456789,bytes 0-9/10",
        "bytes=8-100,206,89,bytes 8-9/10",
        "bytes=5-4,200,0123456789,",
        "'bytes=0-1,3-4',200,0123456789,",
        "lines=0-1,200,0123456789,"
    })
    void range_asked_isAnswered(String range, int status, String content, String contentRange) {
        client.put(bucket + "/k", "0123456789");
        S3Client.Answer answer = client.get(bucket + "/k", "Range", range);
        assertEquals(status, answer.status());
        assertEquals(content, answer.text());
        assertEquals(contentRange == null ? "" : contentRange, answer.header("content-range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=-0", "bytes=99-100"})
    void range_outsideOfObject_isNotSatisfiable(String range) {
        client.put(bucket + "/k", "0123456789");
        S3Client.Answer answer = client.get(bucket + "/k", "Range", range);
        assertEquals(416, answer.status());
        assertEquals("InvalidRange", answer.code());
        assertEquals("10", answer.element("ActualObjectSize"));
        assertEquals(range, answer.element("RangeRequested"));
    }

    @Test
    void read_withConditions_followsTheirPrecedence() {
        String etag = client.put(bucket + "/k", "x").header("etag");
        String past = "Fri, 24 May 2013 00:00:00 GMT";
        String future = Timestamps.http(Clock.system().now().plus(Duration.ofDays(1)));
        assertEquals(200, client.get(bucket + "/k", "If-Match", etag).status());
        assertEquals(412, client.get(bucket + "/k", "If-Match", "\"no\"").status());
        assertEquals(
                200,
                client.get(bucket + "/k", "If-Match", etag, "If-Unmodified-Since", past)
                        .status());
        S3Client.Answer same = client.get(bucket + "/k", "If-None-Match", etag);
        assertEquals(304, same.status());
        assertEquals(etag, same.header("etag"));
        assertEquals(
                200,
                client.get(bucket + "/k", "If-None-Match", "\"no\"", "If-Modified-Since", future)
                        .status());
        assertEquals(304, client.get(bucket + "/k", "If-Modified-Since", future).status());
        assertEquals(412, client.get(bucket + "/k", "If-Unmodified-Since", past).status());
    }

    @Test
    void write_withConditions_isDecidedByThem() {
        assertEquals(
                "NoSuchKey",
                client.put(bucket + "/k", "x", "If-Match", "\"abc\"").code());
        S3Client.Answer first = client.put(bucket + "/k", "first", "If-None-Match", "*");
        assertEquals(200, first.status());
        S3Client.Answer second = client.put(bucket + "/k", "second", "If-None-Match", "*");
        assertEquals(412, second.status());
        assertEquals("If-None-Match", second.element("Condition"));
        assertEquals(412, client.put(bucket + "/k", "x", "If-Match", "\"abc\"").status());
        assertEquals(
                200,
                client.put(bucket + "/k", "third", "If-Match", first.header("etag"))
                        .status());
        assertEquals(
                412,
                client.send("DELETE", bucket + "/k", NOTHING, "If-Match", first.header("etag"))
                        .status());
        assertEquals(
                204,
                client.send("DELETE", bucket + "/k", NOTHING, "If-Match", "*").status());
        assertEquals(
                404,
                client.send("DELETE", bucket + "/k", NOTHING, "If-Match", "*").status());
        assertEquals(204, client.send("DELETE", bucket + "/k", NOTHING).status());
    }

    @Test
    void error_forHead_hasNoBody() {
        S3Client.Answer head = client.send("HEAD", bucket + "/none", NOTHING);
        assertEquals(404, head.status());
        assertEquals(0, head.body().length);
        S3Client.Answer get = client.get(bucket + "/none");
        assertEquals("none", get.element("Key"));
        assertEquals(get.header("x-amz-request-id"), get.element("RequestId"));
        assertEquals(bucket + "/none", get.element("Resource"));
    }

    @Test
    void version_otherThanNull_isUnknown() {
        client.put(bucket + "/k", "x");
        assertEquals("x", client.get(bucket + "/k?versionId=null").text());
        assertEquals("NoSuchVersion", client.get(bucket + "/k?versionId=abc").code());
        assertEquals(
                "NoSuchVersion",
                client.send("DELETE", bucket + "/k?versionId=abc", NOTHING).code());
        assertEquals("x", client.get(bucket + "/k").text());
    }

    @Test
    void presignedUrl_worksWithoutHeaders() {
        String put = client.presigned("PUT", bucket + "/k");
        assertEquals(
                200,
                client.anonymous("PUT", put, "signed".getBytes(StandardCharsets.UTF_8))
                        .status());
        assertEquals(
                "signed",
                client.anonymous("GET", client.presigned("GET", bucket + "/k"), NOTHING)
                        .text());
        assertEquals(403, client.anonymous("GET", put, NOTHING).status());
    }

    @Test
    void copy_ofObject_keepsOrReplacesHeaders() {
        client.put(bucket + "/k", "content", "x-amz-meta-a", "1", "Content-Type", "text/x");
        String source = name() + "/k?versionId=null";
        S3Client.Answer copy = client.put(bucket + "/c", "", "x-amz-copy-source", source);
        assertEquals(200, copy.status(), copy.text());
        S3Client.Answer copied = client.get(bucket + "/c");
        assertEquals("content", copied.text());
        assertEquals("1", copied.header("x-amz-meta-a"));
        client.put(
                bucket + "/k",
                "",
                "x-amz-copy-source",
                "/" + name() + "/k",
                "x-amz-metadata-directive",
                "REPLACE",
                "x-amz-meta-b",
                "2");
        S3Client.Answer replaced = client.get(bucket + "/k");
        assertEquals("content", replaced.text());
        assertEquals("", replaced.header("x-amz-meta-a"));
        assertEquals("2", replaced.header("x-amz-meta-b"));
    }

    @Test
    void copy_thatCannotBe_isRefused() {
        String etag = client.put(bucket + "/k", "content").header("etag");
        String source = name() + "/k";
        assertEquals(
                "InvalidRequest",
                client.put(bucket + "/k", "", "x-amz-copy-source", source).code());
        assertEquals(
                "NoSuchKey",
                client.put(bucket + "/c", "", "x-amz-copy-source", name() + "/none")
                        .code());
        assertEquals(
                "NoSuchBucket",
                client.put(bucket + "/c", "", "x-amz-copy-source", "no-such/none")
                        .code());
        assertEquals(
                "InvalidArgument",
                client.put(bucket + "/c", "", "x-amz-copy-source", "k").code());
        S3Client.Answer unchanged =
                client.put(bucket + "/c", "", "x-amz-copy-source", source, "x-amz-copy-source-if-none-match", etag);
        assertEquals(412, unchanged.status());
        assertEquals(404, client.get(bucket + "/c").status());
    }

    @Test
    void attributesOfOtherKinds_areAnswered() {
        client.put(bucket + "/k", "x");
        assertTrue(client.get(bucket + "/k?acl").text().contains("FULL_CONTROL"));
        assertTrue(client.get(bucket + "/k?tagging").text().contains("<TagSet/>"));
        assertEquals("InvalidRequest", client.get(bucket + "/k?retention").code());
        assertEquals("NotImplemented", client.get(bucket + "/k?torrent").code());
        assertEquals(
                "NotImplemented",
                client.put(bucket + "/k?tagging", "<Tagging/>").code());
    }
}

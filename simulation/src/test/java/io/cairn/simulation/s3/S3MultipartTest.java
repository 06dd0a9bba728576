package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class S3MultipartTest extends S3FaceTest {
    private static final byte[] NOTHING = new byte[0];
    private static final int PART = 5 << 20;
    private static final byte[] CONTENT = content();

    private static byte[] content() {
        byte[] content = new byte[PART + 1000];
        new Random(1).nextBytes(content);
        return content;
    }

    /** Begins an upload; ids are hexadecimal, so that none looks like an option where it is passed to a command. */
    private String begin(String... headers) {
        S3Client.Answer answer = client.send("POST", bucket + "/k?uploads", NOTHING, headers);
        assertEquals(200, answer.status(), answer.text());
        String upload = answer.element("UploadId");
        assertTrue(upload.matches("[0-9a-f]{48}"), upload);
        return upload;
    }

    private S3Client.Answer putPart(String upload, int number, byte[] content, String... headers) {
        return client.send("PUT", bucket + "/k?partNumber=" + number + "&uploadId=" + upload, content, headers);
    }

    private static byte[] piece(int number) {
        return number == 1 ? Arrays.copyOfRange(CONTENT, 0, PART) : Arrays.copyOfRange(CONTENT, PART, CONTENT.length);
    }

    private S3Client.Answer complete(String upload, String parts, String... headers) {
        String document = "<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>";
        return client.send(
                "POST", bucket + "/k?uploadId=" + upload, document.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String part(int number, S3Client.Answer answer) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + answer.header("etag") + "</ETag></Part>";
    }

    @Test
    void upload_inParts_makesOneObject() {
        String upload = begin("x-amz-meta-a", "1", "Content-Type", "text/x");
        String parts = part(1, putPart(upload, 1, piece(1))) + part(2, putPart(upload, 2, piece(2)));
        S3Client.Answer listed = client.get(bucket + "/k?uploadId=" + upload + "&max-parts=1");
        assertEquals("true", listed.element("IsTruncated"));
        assertEquals("1", listed.element("NextPartNumberMarker"));
        assertEquals(404, client.get(bucket + "/k").status());
        S3Client.Answer done = complete(upload, parts, "x-amz-mp-object-size", Integer.toString(CONTENT.length));
        assertEquals(200, done.status(), done.text());
        assertTrue(done.element("ETag").contains("-2"));
        assertEquals("http://" + client.host() + bucket + "/k", done.element("Location"));
        S3Client.Answer get = client.get(bucket + "/k");
        assertArrayEquals(CONTENT, get.body());
        assertEquals("1", get.header("x-amz-meta-a"));
        S3Client.Answer second = client.get(bucket + "/k?partNumber=2");
        assertEquals(206, second.status());
        assertEquals("2", second.header("x-amz-mp-parts-count"));
        assertArrayEquals(piece(2), second.body());
        assertEquals(416, client.get(bucket + "/k?partNumber=3").status());
        assertEquals(
                "2",
                client.get(bucket + "/k?attributes", "x-amz-object-attributes", "ObjectParts")
                        .element("PartsCount"));
    }

    @Test
    void completion_repeatedAfterSuccess_answersTheSameWhileTheObjectIsItsResult() {
        String upload = begin();
        S3Client.Answer one = putPart(upload, 1, piece(1));
        S3Client.Answer two = putPart(upload, 2, piece(2));
        String parts = part(1, one) + part(2, two);
        S3Client.Answer done = complete(upload, parts, "If-None-Match", "*");
        assertEquals(200, done.status(), done.text());
        for (int i = 0; i < 3; i++) {
            S3Client.Answer again = complete(upload, parts, "If-None-Match", "*");
            assertEquals(200, again.status(), again.text());
            assertEquals(done.text(), again.text());
        }
        assertEquals("NoSuchUpload", complete(upload, part(1, one)).code(), "another choice of parts");
        assertEquals("NoSuchUpload", putPart(upload, 1, piece(1)).code());
        assertEquals("NoSuchUpload", complete("0".repeat(48), parts).code(), "another upload");
        assertEquals(404, client.get(bucket + "/k?uploadId=" + upload).status());
        client.put(bucket + "/k", "something else");
        assertEquals("NoSuchUpload", complete(upload, parts).code(), "the object is another one now");
        assertEquals("something else", client.get(bucket + "/k").text());
    }

    @Test
    void completion_repeatedAfterTheObjectIsDeleted_isNoSuchUpload() {
        String upload = begin();
        String parts = part(1, putPart(upload, 1, piece(1)));
        assertEquals(200, complete(upload, parts).status());
        client.send("DELETE", bucket + "/k", NOTHING);
        assertEquals("NoSuchUpload", complete(upload, parts).code());
    }

    @Test
    void completion_sentManyTimesAtOnce_isTheSameForAll() throws Exception {
        String upload = begin();
        String parts = part(1, putPart(upload, 1, piece(1))) + part(2, putPart(upload, 2, piece(2)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<S3Client.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> complete(upload, parts, "If-None-Match", "*")));
            }
            for (Future<S3Client.Answer> answer : answers) {
                assertEquals(200, answer.get().status(), answer.get().text());
            }
        }
        assertArrayEquals(CONTENT, client.get(bucket + "/k").body());
    }

    @Test
    void upload_withFullObjectChecksum_isCombinedFromItsParts() {
        String whole = Base64.getEncoder().encodeToString(Checksum.digest(ChecksumAlgorithm.CRC64NVME, CONTENT));
        String upload = begin("x-amz-checksum-algorithm", "CRC64NVME");
        String parts = part(1, putPart(upload, 1, piece(1))) + part(2, putPart(upload, 2, piece(2)));
        String wrong = Base64.getEncoder().encodeToString(new byte[8]);
        assertEquals(
                "BadDigest",
                complete(upload, parts, "x-amz-checksum-crc64nvme", wrong).code());
        S3Client.Answer done = complete(upload, parts, "x-amz-checksum-crc64nvme", whole);
        assertEquals(whole, done.element("ChecksumCRC64NVME"), done.text());
        assertEquals("FULL_OBJECT", done.element("ChecksumType"));
        assertEquals(
                whole,
                client.get(bucket + "/k", "x-amz-checksum-mode", "ENABLED").header("x-amz-checksum-crc64nvme"));
    }

    @Test
    void upload_withCompositeChecksum_saysOfHowManyParts() {
        String upload = begin("x-amz-checksum-algorithm", "SHA256");
        String parts = part(1, putPart(upload, 1, piece(1))) + part(2, putPart(upload, 2, piece(2)));
        S3Client.Answer done = complete(upload, parts);
        assertTrue(done.element("ChecksumSHA256").endsWith("-2"), done.text());
        assertEquals(
                "InvalidRequest",
                client.send(
                                "POST",
                                bucket + "/k?uploads",
                                NOTHING,
                                "x-amz-checksum-algorithm",
                                "SHA256",
                                "x-amz-checksum-type",
                                "FULL_OBJECT")
                        .code());
    }

    @Test
    void completion_thatDoesNotFit_isRefused() {
        String upload = begin();
        S3Client.Answer one = putPart(upload, 1, "small".getBytes(StandardCharsets.UTF_8));
        S3Client.Answer two = putPart(upload, 2, "small".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "EntityTooSmall", complete(upload, part(1, one) + part(2, two)).code());
        assertEquals(
                "InvalidPartOrder",
                complete(upload, part(2, two) + part(1, one)).code());
        assertEquals("InvalidPart", complete(upload, part(3, one)).code());
        assertEquals("MalformedXML", complete(upload, "").code());
        assertEquals(
                "InvalidRequest",
                complete(upload, part(1, one), "x-amz-mp-object-size", "1").code());
        client.put(bucket + "/k", "here");
        assertEquals(412, complete(upload, part(1, one), "If-None-Match", "*").status());
        assertEquals("here", client.get(bucket + "/k").text());
    }

    @Test
    void part_thatDoesNotFit_isRefused() {
        String upload = begin("x-amz-checksum-algorithm", "CRC32");
        byte[] content = "x".getBytes(StandardCharsets.UTF_8);
        assertEquals("InvalidArgument", putPart(upload, 0, content).code());
        assertEquals("InvalidArgument", putPart(upload, 10_001, content).code());
        assertEquals("NoSuchUpload", putPart("nothing", 1, content).code());
        String sha = Base64.getEncoder().encodeToString(Checksum.digest(ChecksumAlgorithm.SHA1, content));
        assertEquals(
                "InvalidRequest",
                putPart(upload, 1, content, "x-amz-checksum-sha1", sha).code());
    }

    @Test
    void upload_aborted_isGone() {
        String upload = begin();
        putPart(upload, 1, "x".getBytes(StandardCharsets.UTF_8));
        assertEquals("BucketNotEmpty", client.send("DELETE", bucket, NOTHING).code());
        assertEquals(
                204,
                client.send("DELETE", bucket + "/k?uploadId=" + upload, NOTHING).status());
        assertEquals(
                "NoSuchUpload",
                client.send("DELETE", bucket + "/k?uploadId=" + upload, NOTHING).code());
        assertEquals(204, client.send("DELETE", bucket, NOTHING).status());
    }

    @Test
    void parts_copiedFromObject_makeAnother() {
        client.send("PUT", bucket + "/source", CONTENT);
        String upload = begin();
        String source = name() + "/source";
        S3Client.Answer one = putPart(
                upload, 1, NOTHING, "x-amz-copy-source", source, "x-amz-copy-source-range", "bytes=0-" + (PART - 1));
        S3Client.Answer two = putPart(
                upload,
                2,
                NOTHING,
                "x-amz-copy-source",
                source,
                "x-amz-copy-source-range",
                "bytes=" + PART + "-" + (CONTENT.length - 1));
        String outside = "bytes=0-" + CONTENT.length;
        assertEquals(
                "InvalidArgument",
                putPart(upload, 3, NOTHING, "x-amz-copy-source", source, "x-amz-copy-source-range", outside)
                        .code());
        String parts = "<Part><PartNumber>1</PartNumber><ETag>" + one.element("ETag") + "</ETag></Part>"
                + "<Part><PartNumber>2</PartNumber><ETag>" + two.element("ETag") + "</ETag></Part>";
        assertEquals(200, complete(upload, parts).status());
        assertArrayEquals(CONTENT, client.get(bucket + "/k").body());
    }

    @Test
    void uploads_listed_arePagedAndRolledUp() {
        for (String key : new String[] {"a", "d/1", "d/2", "e"}) {
            client.send("POST", bucket + "/" + key + "?uploads", NOTHING);
        }
        S3Client.Answer first = client.get(bucket + "?uploads&delimiter=/&max-uploads=2");
        assertEquals("a", first.element("Key"));
        assertTrue(first.text().contains("<CommonPrefixes><Prefix>d/</Prefix>"));
        assertEquals("d/", first.element("NextKeyMarker"));
        S3Client.Answer second = client.get(bucket + "?uploads&delimiter=/&max-uploads=2&key-marker=d/");
        assertEquals("e", second.element("Key"));
        assertEquals("false", second.element("IsTruncated"));
        assertEquals("d/1", client.get(bucket + "?uploads&prefix=d/").element("Key"));
    }
}

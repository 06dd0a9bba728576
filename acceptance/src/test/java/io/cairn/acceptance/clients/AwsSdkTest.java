package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The AWS SDK for Java 2 with its defaults: checksums in trailers, chunked and signed payloads. */
@Tag("acceptance")
final class AwsSdkTest {
    private static final String BUCKET = "sdk-bucket";

    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static S3Client s3;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() {
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        s3 = Sdks.aws(cairn);
        s3.createBucket(request -> request.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        if (s3 != null) {
            s3.close();
        }
        if (cairn != null) {
            cairn.close();
        }
    }

    @Test
    void files_ofEverySize_comeBackAsTheyWere() throws IOException {
        for (long size : Samples.SIZES) {
            Path file = Samples.file(files, size);
            String key = "size/" + size;
            s3.putObject(request -> request.bucket(BUCKET).key(key), file);
            try (var in =
                    s3.getObject(request -> request.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED))) {
                assertEquals(size, in.response().contentLength());
                // The SDK checks this sum by itself, and throws where it is wrong.
                assertTrue(in.response().checksumCRC32() != null, key);
                assertEquals(Samples.digest(file), Samples.digest(in), key);
            }
        }
    }

    @Test
    void stream_ofUnknownLength_comesBack() throws IOException {
        Path file = Samples.file(files, 5 * Samples.MIB);
        try (var in = Files.newInputStream(file)) {
            s3.putObject(
                    request -> request.bucket(BUCKET).key("stream"),
                    RequestBody.fromContentProvider(() -> in, Files.size(file), "x/stream"));
        }
        var back = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("stream"));
        assertEquals("x/stream", back.response().contentType());
        assertArrayEquals(Files.readAllBytes(file), back.asByteArray());
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "SHA1", "SHA256"})
    void checksum_ofEveryAlgorithm_isKept(ChecksumAlgorithm algorithm) {
        byte[] content = Samples.bytes(7, 70_000);
        String key = "checksum/" + algorithm;
        var put = s3.putObject(
                request -> request.bucket(BUCKET).key(key).checksumAlgorithm(algorithm),
                RequestBody.fromBytes(content));
        var head = s3.headObject(request -> request.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED));
        assertEquals(put.checksumCRC32(), head.checksumCRC32());
        assertEquals(put.checksumSHA1(), head.checksumSHA1());
        assertEquals(put.checksumSHA256(), head.checksumSHA256());
        long sums = java.util.stream.Stream.of(head.checksumCRC32(), head.checksumSHA1(), head.checksumSHA256())
                .filter(sum -> sum != null)
                .count();
        assertEquals(1, sums);
        assertThrows(
                S3Exception.class,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key(key).checksumSHA256("AAAA" + "A".repeat(39) + "="),
                        RequestBody.fromBytes(content)));
    }

    @Test
    void object_withMetadata_isReadInRangesAndUnderConditions() {
        byte[] content = Samples.bytes(1, 100_000);
        var put = s3.putObject(
                request -> request.bucket(BUCKET)
                        .key("meta")
                        .metadata(Map.of("colour", "granite"))
                        .cacheControl("no"),
                RequestBody.fromBytes(content));
        GetObjectResponse part = s3.getObjectAsBytes(request ->
                        request.bucket(BUCKET).key("meta").range("bytes=10-19").ifMatch(put.eTag()))
                .response();
        assertEquals("bytes 10-19/100000", part.contentRange());
        assertEquals(Map.of("colour", "granite"), part.metadata());
        assertEquals("no", part.cacheControl());
        assertEquals(
                304,
                refused(() -> s3.getObjectAsBytes(
                        request -> request.bucket(BUCKET).key("meta").ifNoneMatch(put.eTag()))));
        assertEquals(
                412,
                refused(() -> s3.putObject(
                        request -> request.bucket(BUCKET).key("meta").ifNoneMatch("*"), RequestBody.fromString("no"))));
        assertEquals(
                412,
                refused(() -> s3.putObject(
                        request -> request.bucket(BUCKET).key("meta").ifMatch("\"0\""), RequestBody.fromString("no"))));
        assertArrayEquals(
                content,
                s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("meta"))
                        .asByteArray());
    }

    private static int refused(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(S3Exception.class, call).statusCode();
    }

    @Test
    void multipart_withACopiedPart_isWhole() throws IOException {
        byte[] first = Samples.bytes(1, (int) (6 * Samples.MIB));
        byte[] last = Samples.bytes(2, 12_345);
        s3.putObject(request -> request.bucket(BUCKET).key("part source"), RequestBody.fromBytes(first));
        String key = "multi ü+%/part";
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(BUCKET).key(key).checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
        var parts = new ArrayList<CompletedPart>();
        var one = s3.uploadPart(
                request -> request.bucket(BUCKET)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(1)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                RequestBody.fromBytes(first));
        parts.add(CompletedPart.builder()
                .partNumber(1)
                .eTag(one.eTag())
                .checksumCRC32(one.checksumCRC32())
                .build());
        var two = s3.uploadPartCopy(request -> request.destinationBucket(BUCKET)
                        .destinationKey(key)
                        .uploadId(upload)
                        .partNumber(2)
                        .sourceBucket(BUCKET)
                        .sourceKey("part source")
                        .copySourceRange("bytes=0-" + (5 * Samples.MIB - 1)))
                .copyPartResult();
        parts.add(CompletedPart.builder()
                .partNumber(2)
                .eTag(two.eTag())
                .checksumCRC32(two.checksumCRC32())
                .build());
        var three = s3.uploadPart(
                request -> request.bucket(BUCKET)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(3)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                RequestBody.fromBytes(last));
        parts.add(CompletedPart.builder()
                .partNumber(3)
                .eTag(three.eTag())
                .checksumCRC32(three.checksumCRC32())
                .build());
        assertEquals(
                3,
                s3.listParts(request -> request.bucket(BUCKET).key(key).uploadId(upload))
                        .parts()
                        .size());
        s3.completeMultipartUpload(
                request -> request.bucket(BUCKET).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
        byte[] expected = Arrays.copyOf(first, first.length + (int) (5 * Samples.MIB) + last.length);
        System.arraycopy(first, 0, expected, first.length, (int) (5 * Samples.MIB));
        System.arraycopy(last, 0, expected, expected.length - last.length, last.length);
        try (var in = s3.getObject(request -> request.bucket(BUCKET).key(key))) {
            assertEquals(Samples.digest(expected), Samples.digest(in));
        }
        assertTrue(s3.listMultipartUploads(request -> request.bucket(BUCKET))
                .uploads()
                .isEmpty());
    }

    @Test
    void bucket_throughItsLife_isListedInPagesAndEmptied() {
        String bucket = "life-of-an-sdk-bucket";
        s3.createBucket(request -> request.bucket(bucket));
        assertTrue(
                s3.listBuckets().buckets().stream().anyMatch(each -> each.name().equals(bucket)));
        List<String> keys = List.of("a/1", "a/2", "a b+%", "b", "emoji 🪨", "ü");
        for (String key : keys) {
            s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(key));
        }
        List<String> listed =
                s3.listObjectsV2Paginator(request -> request.bucket(bucket).maxKeys(2)).contents().stream()
                        .map(S3Object::key)
                        .toList();
        assertEquals(List.of("a b+%", "a/1", "a/2", "b", "emoji 🪨", "ü"), listed);
        var copied = s3.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("emoji 🪨")
                .destinationBucket(bucket)
                .destinationKey("copy"));
        assertTrue(copied.copyObjectResult().eTag().length() > 2);
        assertEquals(409, refused(() -> s3.deleteBucket(request -> request.bucket(bucket))));
        List<ObjectIdentifier> all = s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                .toList();
        assertEquals(
                7,
                s3.deleteObjects(request -> request.bucket(bucket).delete(which -> which.objects(all)))
                        .deleted()
                        .size());
        s3.deleteBucket(request -> request.bucket(bucket));
        assertThrows(NoSuchBucketException.class, () -> s3.listObjectsV2(request -> request.bucket(bucket)));
    }

    @Test
    void refusals_areTheExceptionsOfTheSdk() {
        assertThrows(
                NoSuchKeyException.class,
                () -> s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("absent")));
        assertThrows(
                NoSuchKeyException.class,
                () -> s3.headObject(request -> request.bucket(BUCKET).key("absent")));
        assertThrows(NoSuchBucketException.class, () -> s3.headBucket(request -> request.bucket("absent-bucket")));
        try {
            s3.createBucket(request -> request.bucket(BUCKET));
        } catch (BucketAlreadyOwnedByYouException expected) {
            // Either answer is right: us-east-1 says yes to the owner, the others refuse.
            assertEquals(409, expected.statusCode());
        }
    }

    @Test
    void presigned_requests_workWithoutKeys() throws Exception {
        byte[] content = Samples.bytes(9, 50_000);
        try (S3Presigner presigner = S3Presigner.builder()
                        .endpointOverride(cairn.s3())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(Sdks.credentials(cairn))
                        .serviceConfiguration(S3Configuration.builder()
                                .pathStyleAccessEnabled(true)
                                .build())
                        .build();
                HttpClient http = HttpClient.newHttpClient()) {
            URI put = presigner
                    .presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(object -> object.bucket(BUCKET).key("pre signed")))
                    .url()
                    .toURI();
            var upload = HttpRequest.newBuilder(put)
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                    .build();
            assertEquals(
                    200,
                    http.send(upload, HttpResponse.BodyHandlers.discarding()).statusCode());
            URI get = presigner
                    .presignGetObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(object ->
                                    object.bucket(BUCKET).key("pre signed").responseContentType("x/y")))
                    .url()
                    .toURI();
            var answer = http.send(HttpRequest.newBuilder(get).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertArrayEquals(content, answer.body());
            assertEquals("x/y", answer.headers().firstValue("content-type").orElse(""));
            assertEquals(
                    403,
                    http.send(HttpRequest.newBuilder(get).DELETE().build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode());
        }
    }
}

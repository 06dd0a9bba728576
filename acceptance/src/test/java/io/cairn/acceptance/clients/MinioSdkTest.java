package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import io.minio.BucketExistsArgs;
import io.minio.ComposeObjectArgs;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PostPolicy;
import io.minio.PutObjectArgs;
import io.minio.RemoveBucketArgs;
import io.minio.RemoveObjectArgs;
import io.minio.RemoveObjectsArgs;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.DeleteRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MinIO's SDK for Java. */
@Tag("acceptance")
final class MinioSdkTest {
    private static final String BUCKET = "minio-bucket";

    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static MinioClient minio;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() throws Exception {
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        minio = Sdks.minio(cairn);
        minio.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
    }

    @AfterAll
    static void stop() throws Exception {
        if (minio != null) {
            minio.close();
        }
        if (cairn != null) {
            cairn.close();
        }
    }

    private static void put(String bucket, String key, byte[] content) throws Exception {
        minio.putObject(PutObjectArgs.builder().bucket(bucket).object(key).stream(
                        new ByteArrayInputStream(content), (long) content.length, -1L)
                .build());
    }

    private static byte[] get(String key) throws Exception {
        try (var in = minio.getObject(
                GetObjectArgs.builder().bucket(BUCKET).object(key).build())) {
            return in.readAllBytes();
        }
    }

    @Test
    void files_ofEverySize_comeBackAsTheyWere() throws Exception {
        for (long size : Samples.SIZES) {
            Path file = Samples.file(files, size);
            String key = "size/" + size;
            try (var in = Files.newInputStream(file)) {
                minio.putObject(PutObjectArgs.builder().bucket(BUCKET).object(key).stream(in, size, -1L)
                        .contentType("x/stone")
                        .userMetadata(Map.of("colour", "granite"))
                        .build());
            }
            var stat = minio.statObject(
                    StatObjectArgs.builder().bucket(BUCKET).object(key).build());
            assertEquals(size, stat.size());
            assertEquals("x/stone", stat.contentType());
            assertEquals(Samples.digest(file), Samples.digest(get(key)), key);
        }
    }

    /** The SDK sends parts until the stream ends, also when it ends at once. */
    @Test
    void stream_ofUnknownLength_comesBack() throws Exception {
        for (long size : List.of(0L, 1L, 5 * Samples.MIB, 17 * Samples.MIB + 3)) {
            Path file = Samples.file(files, size);
            try (var in = Files.newInputStream(file)) {
                minio.putObject(PutObjectArgs.builder().bucket(BUCKET).object("unknown/" + size).stream(
                                in, -1L, 5 * Samples.MIB)
                        .build());
            }
            assertEquals(Samples.digest(file), Samples.digest(get("unknown/" + size)), size + " bytes");
        }
    }

    @Test
    void objects_copiedAndComposed_areTheirSources() throws Exception {
        byte[] first = Samples.bytes(1, (int) (6 * Samples.MIB));
        byte[] second = Samples.bytes(2, 70_000);
        put(BUCKET, "compose ü/1+", first);
        put(BUCKET, "compose ü/2%", second);
        minio.copyObject(CopyObjectArgs.builder()
                .bucket(BUCKET)
                .object("copied")
                .source(SourceObject.builder()
                        .bucket(BUCKET)
                        .object("compose ü/2%")
                        .build())
                .build());
        assertArrayEquals(second, get("copied"));
        minio.composeObject(ComposeObjectArgs.builder()
                .bucket(BUCKET)
                .object("composed")
                .sources(Arrays.asList(
                        SourceObject.builder()
                                .bucket(BUCKET)
                                .object("compose ü/1+")
                                .build(),
                        SourceObject.builder()
                                .bucket(BUCKET)
                                .object("compose ü/2%")
                                .build()))
                .build());
        byte[] expected = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, expected, first.length, second.length);
        assertArrayEquals(expected, get("composed"));
    }

    @Test
    void range_ofAnObject_isExactlyThat() throws Exception {
        byte[] content = Samples.bytes(3, 100_000);
        put(BUCKET, "range", content);
        try (var in = minio.getObject(GetObjectArgs.builder()
                .bucket(BUCKET)
                .object("range")
                .offset(99_990L)
                .length(5L)
                .build())) {
            assertArrayEquals(Arrays.copyOfRange(content, 99_990, 99_995), in.readAllBytes());
        }
    }

    @Test
    void bucket_throughItsLife_isListedEmptiedAndRemoved() throws Exception {
        String bucket = "life-of-a-minio-bucket";
        var exists = BucketExistsArgs.builder().bucket(bucket).build();
        assertFalse(minio.bucketExists(exists));
        minio.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        assertTrue(minio.bucketExists(exists));
        for (String key : List.of("a/1", "a/2 +%", "b", "🪨")) {
            put(bucket, key, key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        assertEquals(List.of("a/1", "a/2 +%", "b", "🪨"), keys(bucket, true));
        assertEquals(List.of("b", "🪨", "a/"), keys(bucket, false));
        minio.removeObject(RemoveObjectArgs.builder().bucket(bucket).object("b").build());
        var refused = assertThrows(
                ErrorResponseException.class,
                () -> minio.removeBucket(
                        RemoveBucketArgs.builder().bucket(bucket).build()));
        assertEquals("BucketNotEmpty", refused.errorResponse().code());
        var rest = keys(bucket, true).stream().map(DeleteRequest.Object::new).toList();
        for (var failure : minio.removeObjects(
                RemoveObjectsArgs.builder().bucket(bucket).objects(rest).build())) {
            throw new AssertionError(failure.get().toString());
        }
        minio.removeBucket(RemoveBucketArgs.builder().bucket(bucket).build());
        assertFalse(minio.bucketExists(exists));
    }

    private static List<String> keys(String bucket, boolean recursive) throws Exception {
        var keys = new ArrayList<String>();
        for (var item : minio.listObjects(ListObjectsArgs.builder()
                .bucket(bucket)
                .recursive(recursive)
                .maxKeys(2)
                .build())) {
            keys.add(item.get().objectName());
        }
        return recursive
                ? keys
                : keys.stream().sorted(MinioSdkTest::prefixesLast).toList();
    }

    /** Whether prefixes come before or after the keys of a page is the client's affair. */
    private static int prefixesLast(String a, String b) {
        int byKind = Boolean.compare(a.endsWith("/"), b.endsWith("/"));
        return byKind != 0 ? byKind : a.compareTo(b);
    }

    @Test
    void presigned_requests_workWithoutKeys() throws Exception {
        Curl curl = Curl.anonymous(directory.resolve("home"));
        Path file = Samples.file(files, 4 * Samples.KIB);
        String put = url(Http.Method.PUT, "pre signed ü");
        assertEquals(200, curl.status(put, "--upload-file", file.toString()));
        assertArrayEquals(
                Files.readAllBytes(file),
                curl.get(url(Http.Method.GET, "pre signed ü")).body());
        assertEquals(403, curl.status(put, "-X", "DELETE"));
    }

    private static String url(Http.Method method, String key) throws Exception {
        return minio.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                .bucket(BUCKET)
                .object(key)
                .method(method)
                .expiry(5, TimeUnit.MINUTES)
                .build());
    }

    @Test
    void postPolicy_ofABrowser_takesWhatItAllowsAndNothingElse() throws Exception {
        var policy = new PostPolicy(BUCKET, ZonedDateTime.now().plusMinutes(5));
        policy.addStartsWithCondition("key", "uploads/");
        policy.addStartsWithCondition("Content-Type", "image/");
        policy.addContentLengthRangeCondition(1, 8_192);
        Map<String, String> fields = minio.getPresignedPostFormData(policy);
        Path file = Samples.file(files, 4 * Samples.KIB);
        assertEquals(204, post(fields, "uploads/photo", "image/png", file));
        assertArrayEquals(Files.readAllBytes(file), get("uploads/photo"));
        assertEquals(403, post(fields, "elsewhere/photo", "image/png", file));
        assertEquals(403, post(fields, "uploads/page", "text/html", file));
        assertEquals(400, post(fields, "uploads/large", "image/png", Samples.file(files, 8_193)));
        var absent = assertThrows(ErrorResponseException.class, () -> get("elsewhere/photo"));
        assertEquals("NoSuchKey", absent.errorResponse().code());
    }

    private static int post(Map<String, String> fields, String key, String type, Path file) throws IOException {
        var form = new ArrayList<String>();
        fields.forEach((name, value) -> form.addAll(List.of("--form", name + "=" + value)));
        form.addAll(List.of("--form", "key=" + key, "--form", "Content-Type=" + type, "--form", "file=@" + file));
        return Curl.anonymous(directory.resolve("home")).status(cairn.s3() + "/" + BUCKET, form.toArray(String[]::new));
    }
}

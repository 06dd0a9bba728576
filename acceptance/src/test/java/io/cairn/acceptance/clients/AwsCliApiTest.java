package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code aws s3api …}: single operations, as scripts use them. */
@Tag("acceptance")
final class AwsCliApiTest {
    private static final String BUCKET = "api-bucket";

    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static AwsCli aws;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() {
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        aws = AwsCli.of(cairn, directory.resolve("home"));
        aws.api("create-bucket", "--bucket", BUCKET);
    }

    @AfterAll
    static void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    private static void put(String key, Path file) {
        aws.api("put-object", "--bucket", BUCKET, "--key", key, "--body", file.toString());
    }

    @ParameterizedTest
    @CsvSource({"CRC32,crc32", "CRC32C,crc32-c", "SHA1,sha1", "SHA256,sha256"})
    void checksum_ofEveryAlgorithm_isKeptAndChecked(String algorithm, String option) {
        String key = "checksum-" + algorithm;
        Path file = Samples.file(files, 4 * Samples.KIB);
        String[] put = {"put-object", "--bucket", BUCKET, "--key", key, "--body", file.toString()};
        String query = "Checksum" + algorithm;
        String sum = aws.api(with(put, "--checksum-algorithm", algorithm, "--query", query));
        String wrong = sum.replaceFirst("^.", sum.startsWith("A") ? "B" : "A");
        String said = aws.refused(with(put, "--checksum-" + option, wrong, "--metadata", "refused=yes"));
        assertTrue(said.contains("BadDigest"), said);
        // What was refused has changed nothing.
        assertEquals(
                sum + "\tNone",
                aws.api(
                        "head-object",
                        "--bucket",
                        BUCKET,
                        "--key",
                        key,
                        "--checksum-mode",
                        "ENABLED",
                        "--query",
                        "[" + query + ",Metadata.refused]"));
        assertEquals(
                sum,
                aws.api(
                        "get-object-attributes",
                        "--bucket",
                        BUCKET,
                        "--key",
                        key,
                        "--object-attributes",
                        "Checksum",
                        "--query",
                        "Checksum." + query));
    }

    @Test
    void ranges_ofAnObject_areExactlyThose() throws IOException {
        Path file = Samples.file(files, 5 * Samples.MIB);
        byte[] whole = Files.readAllBytes(file);
        put("ranges", file);
        assertArrayEquals(Arrays.copyOfRange(whole, 0, 1), range("bytes=0-0"));
        assertArrayEquals(Arrays.copyOfRange(whole, 1_048_575, 1_048_578), range("bytes=1048575-1048577"));
        assertArrayEquals(Arrays.copyOfRange(whole, whole.length - 7, whole.length), range("bytes=-7"));
        assertArrayEquals(Arrays.copyOfRange(whole, 5_000_000, whole.length), range("bytes=5000000-99999999"));
        assertTrue(get("--range", "bytes=5242880-").contains("InvalidRange"));
    }

    private byte[] range(String range) throws IOException {
        Path back = files.resolve("range");
        aws.api("get-object", "--bucket", BUCKET, "--key", "ranges", "--range", range, back.toString());
        return Files.readAllBytes(back);
    }

    private String get(String option, String value) {
        return aws.refused(
                "get-object",
                "--bucket",
                BUCKET,
                "--key",
                "ranges",
                option,
                value,
                files.resolve("no").toString());
    }

    @Test
    void head_ofAnObjectWithMetadata_tellsItAll() {
        Path file = Samples.file(files, 4 * Samples.KIB);
        aws.api(
                "put-object",
                "--bucket",
                BUCKET,
                "--key",
                "meta",
                "--body",
                file.toString(),
                "--metadata",
                "colour=granite,Shape=Cairn",
                "--content-type",
                "text/x-stone",
                "--cache-control",
                "max-age=7",
                "--content-language",
                "de",
                "--content-disposition",
                "attachment; filename=\"a b\"",
                "--content-encoding",
                "identity");
        assertEquals(
                "4096\ttext/x-stone\tmax-age=7\tde\tattachment; filename=\"a b\"\tidentity\tgranite\tCairn",
                aws.api(
                        "head-object",
                        "--bucket",
                        BUCKET,
                        "--key",
                        "meta",
                        "--query",
                        "[ContentLength,ContentType,CacheControl,ContentLanguage,ContentDisposition,ContentEncoding,"
                                + "Metadata.colour,Metadata.shape]"));
    }

    @Test
    void conditions_thatDoNotHold_refuse() {
        put("conditional", Samples.file(files, 1));
        String etag = aws.api("head-object", "--bucket", BUCKET, "--key", "conditional", "--query", "ETag");
        String[] read = {"get-object", "--bucket", BUCKET, "--key", "conditional"};
        String back = files.resolve("back").toString();
        aws.api(with(read, "--if-match", etag, back));
        aws.api(with(read, "--if-none-match", "\"0\"", back));
        aws.api(with(read, "--if-modified-since", "2001-01-01T00:00:00Z", back));
        assertTrue(aws.refused(with(read, "--if-match", "\"0\"", back)).contains("PreconditionFailed"));
        assertTrue(aws.refused(with(read, "--if-none-match", etag, back)).contains("(304)"));
        assertTrue(aws.refused(with(read, "--if-unmodified-since", "2001-01-01T00:00:00Z", back))
                .contains("PreconditionFailed"));
        String[] copy = {"copy-object", "--bucket", BUCKET, "--key", "copied", "--copy-source", BUCKET + "/conditional"
        };
        assertTrue(aws.refused(with(copy, "--copy-source-if-match", "\"0\"")).contains("PreconditionFailed"));
        assertEquals(etag, aws.api(with(copy, "--copy-source-if-match", etag, "--query", "CopyObjectResult.ETag")));
    }

    private static String[] with(String[] arguments, String... more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    @Test
    void copy_withReplacedMetadata_keepsTheBytes() {
        Path file = Samples.file(files, 4 * Samples.KIB);
        aws.api(
                "put-object",
                "--bucket",
                BUCKET,
                "--key",
                "source ü+%",
                "--body",
                file.toString(),
                "--metadata",
                "a=1");
        aws.api(
                "copy-object",
                "--bucket",
                BUCKET,
                "--key",
                "target",
                "--copy-source",
                BUCKET + "/source ü+%",
                "--metadata-directive",
                "REPLACE",
                "--metadata",
                "b=2");
        assertEquals(
                "None\t2",
                aws.api("head-object", "--bucket", BUCKET, "--key", "target", "--query", "[Metadata.a,Metadata.b]"));
        Path back = files.resolve("back");
        aws.api("get-object", "--bucket", BUCKET, "--key", "target", back.toString());
        assertEquals(Samples.digest(file), Samples.digest(back));
    }

    @Test
    void multipart_byHand_isListedCompletedAndDescribed() throws IOException {
        String key = "by hand";
        String[] at = {"--bucket", BUCKET, "--key", key};
        String upload = aws.api(with(new String[] {"create-multipart-upload"}, with(at, "--query", "UploadId")));
        Path first = Samples.file(files, 5 * Samples.MIB);
        Path last = Samples.file(files, 4 * Samples.KIB);
        String[] part = with(new String[] {"upload-part"}, with(at, "--upload-id", upload, "--query", "ETag"));
        String etag1 = aws.api(with(part, "--part-number", "1", "--body", first.toString()));
        // A part may be sent again; the later one counts.
        aws.api(with(part, "--part-number", "7", "--body", first.toString()));
        String etag7 = aws.api(with(part, "--part-number", "7", "--body", last.toString()));
        assertEquals(key, aws.api("list-multipart-uploads", "--bucket", BUCKET, "--query", "Uploads[].Key"));
        assertEquals(
                "1\t5242880\n7\t4096",
                aws.api(with(
                        new String[] {"list-parts"},
                        with(at, "--upload-id", upload, "--query", "Parts[].[PartNumber,Size]"))));
        String[] complete = with(new String[] {"complete-multipart-upload"}, with(at, "--upload-id", upload));
        assertTrue(aws.refused(with(complete, "--multipart-upload", parts(etag7, etag1)))
                .contains("InvalidPart"));
        String etag = aws.api(with(complete, "--multipart-upload", parts(etag1, etag7), "--query", "ETag"));
        assertTrue(etag.endsWith("-2\""), etag);
        assertEquals(
                "5246976\t2",
                aws.api(with(
                        new String[] {"get-object-attributes"},
                        with(
                                at,
                                "--object-attributes",
                                "ObjectSize",
                                "ObjectParts",
                                "--query",
                                "[ObjectSize,ObjectParts.TotalPartsCount]"))));
        Path back = files.resolve("back");
        aws.api(with(new String[] {"get-object"}, with(at, back.toString())));
        byte[] expected = Arrays.copyOf(Files.readAllBytes(first), (int) (5 * Samples.MIB + 4 * Samples.KIB));
        System.arraycopy(Files.readAllBytes(last), 0, expected, (int) (5 * Samples.MIB), 4096);
        assertArrayEquals(expected, Files.readAllBytes(back));
    }

    private static String parts(String first, String second) {
        return "{\"Parts\":[{\"PartNumber\":1,\"ETag\":" + first + "},{\"PartNumber\":7,\"ETag\":" + second + "}]}";
    }

    @Test
    void multipart_aborted_isGone() {
        String[] at = {"--bucket", BUCKET, "--key", "aborted"};
        String upload = aws.api(with(new String[] {"create-multipart-upload"}, with(at, "--query", "UploadId")));
        aws.api(with(new String[] {"abort-multipart-upload"}, with(at, "--upload-id", upload)));
        assertTrue(aws.refused(with(new String[] {"list-parts"}, with(at, "--upload-id", upload)))
                .contains("NoSuchUpload"));
        assertTrue(aws.refused(with(new String[] {"head-object"}, at)).contains("404"));
    }

    @Test
    void listing_inPages_isCompleteAndInOrder() throws IOException {
        aws.api("create-bucket", "--bucket", "pages");
        Path tree = Files.createDirectories(files.resolve("pages/sub"));
        List<String> keys = IntStream.range(0, 25)
                .mapToObj(i -> "sub/key " + (char) ('a' + i))
                .toList();
        for (String key : keys) {
            Files.writeString(tree.resolveSibling(key), key);
        }
        aws.s3("sync", "--no-progress", tree.getParent().toString(), "s3://pages");
        String[] list = {"list-objects-v2", "--bucket", "pages"};
        assertEquals(String.join("\n", keys), aws.api(with(list, "--page-size", "7", "--query", "Contents[].[Key]")));
        assertEquals("sub/", aws.api(with(list, "--delimiter", "/", "--query", "CommonPrefixes[].Prefix")));
        assertEquals(
                "sub/key x\tsub/key y", aws.api(with(list, "--start-after", "sub/key w", "--query", "Contents[].Key")));
        assertEquals(
                String.join("\n", keys),
                aws.api("list-objects", "--bucket", "pages", "--page-size", "4", "--query", "Contents[].[Key]"));
        String versions =
                aws.api("list-object-versions", "--bucket", "pages", "--query", "Versions[?IsLatest].[Key,VersionId]");
        assertEquals(keys.stream().map(key -> key + "\tnull").collect(Collectors.joining("\n")), versions);
        String objects = keys.stream().map(key -> "{\"Key\":\"" + key + "\"}").collect(Collectors.joining(","));
        aws.api("delete-objects", "--bucket", "pages", "--delete", "{\"Objects\":[" + objects + "]}");
        assertEquals("0", aws.api(with(list, "--query", "KeyCount || `0`")));
        aws.api("delete-bucket", "--bucket", "pages");
        assertTrue(aws.refused("head-bucket", "--bucket", "pages").contains("404"));
    }

    @Test
    void wrongSecret_isRefused() {
        Program forger = aws.program().with("AWS_SECRET_ACCESS_KEY", "wrong-wrong-wrong");
        assertTrue(forger.fail("--endpoint-url", aws.endpoint(), "s3api", "list-buckets")
                .contains("SignatureDoesNotMatch"));
        Program stranger = aws.program().with("AWS_ACCESS_KEY_ID", "NOBODY");
        assertTrue(stranger.fail("--endpoint-url", aws.endpoint(), "s3api", "list-buckets")
                .contains("InvalidAccessKeyId"));
        assertTrue(aws.program()
                .fail("--endpoint-url", aws.endpoint(), "--no-sign-request", "s3api", "list-buckets")
                .contains("AccessDenied"));
    }
}

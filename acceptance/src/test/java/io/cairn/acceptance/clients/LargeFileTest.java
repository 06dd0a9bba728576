package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.RunningCairn;
import io.minio.GetObjectArgs;
import io.minio.PutObjectArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One file of 2 GiB, there and back by every client, in parts and in one request, with little memory in the daemon. */
@Tag("slow")
final class LargeFileTest {
    private static final long SIZE = 2 * Samples.GIB;
    private static final int PART = (int) (64 * Samples.MIB);
    private static final String BUCKET = "large";

    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static Path file;
    private static String digest;

    @BeforeAll
    static void start() throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        assumeTrue(free > 10 * Samples.GIB, "needs 10 GiB of free space for temporary files, there are " + free);
        file = Samples.file(directory, SIZE);
        digest = Samples.digest(file);
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        try (var s3 = Sdks.aws(cairn)) {
            s3.createBucket(request -> request.bucket(BUCKET));
        }
    }

    @AfterAll
    static void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    @AfterEach
    void memoryStayedBounded_andSpaceIsGivenBack() throws IOException {
        Files.deleteIfExists(back());
        try (var s3 = Sdks.aws(cairn)) {
            s3.deleteObject(request -> request.bucket(BUCKET).key("file"));
        }
        assertTrue(cairn.residentBytesMax() < Samples.GIB, () -> "resident " + cairn.residentBytesMax());
    }

    private static Path back() {
        return directory.resolve("back");
    }

    private static void assertBack(String how) {
        assertEquals(digest, Samples.digest(back()), how);
    }

    @Test
    void awsCommandLine_inParts() {
        AwsCli aws = AwsCli.of(cairn, directory.resolve("aws"));
        aws.s3("cp", "--only-show-errors", file.toString(), "s3://large/file");
        aws.s3("cp", "--only-show-errors", "s3://large/file", back().toString());
        assertBack("aws");
    }

    @Test
    void rclone_inParts() {
        Program rclone = Program.rclone(cairn, directory.resolve("rclone"));
        rclone.run("copyto", file.toString(), "cairn:large/file");
        rclone.run("copyto", "cairn:large/file", back().toString());
        assertBack("rclone");
    }

    @Test
    void s3cmd_inParts() {
        Program s3cmd = Program.s3cmd(cairn, directory.resolve("s3cmd"));
        s3cmd.run("--no-progress", "put", file.toString(), "s3://large/file");
        s3cmd.run("--no-progress", "get", "s3://large/file", back().toString());
        assertBack("s3cmd");
    }

    @Test
    void curl_inOneRequest() {
        Curl curl = Curl.anonymous(directory.resolve("curl")).signed(cairn).with("--max-time", "900");
        assertEquals(200, curl.status(cairn.s3() + "/large/file", "--upload-file", file.toString()));
        curl.program()
                .run(curl.with("--silent", "--fail", "--output", back().toString(), cairn.s3() + "/large/file")
                        .options()
                        .toArray(String[]::new));
        assertBack("curl");
    }

    @Test
    void awsSdk_inOneRequest() throws IOException {
        try (var s3 = Sdks.aws(cairn)) {
            s3.putObject(request -> request.bucket(BUCKET).key("file"), file);
            try (var in =
                    s3.getObject(request -> request.bucket(BUCKET).key("file").checksumMode(ChecksumMode.ENABLED))) {
                assertEquals(digest, Samples.digest(in));
            }
        }
    }

    @Test
    void awsSdk_inParts() throws IOException {
        try (var s3 = Sdks.aws(cairn);
                var in = Files.newInputStream(file)) {
            String upload = s3.createMultipartUpload(
                            request -> request.bucket(BUCKET).key("file"))
                    .uploadId();
            List<CompletedPart> parts = new ArrayList<>();
            for (int part = 1; part <= SIZE / PART; part++) {
                int number = part;
                String tag = s3.uploadPart(
                                request -> request.bucket(BUCKET)
                                        .key("file")
                                        .uploadId(upload)
                                        .partNumber(number),
                                RequestBody.fromBytes(in.readNBytes(PART)))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(part).eTag(tag).build());
            }
            s3.completeMultipartUpload(request ->
                    request.bucket(BUCKET).key("file").uploadId(upload).multipartUpload(all -> all.parts(parts)));
            try (var stored = s3.getObject(request -> request.bucket(BUCKET).key("file"))) {
                assertEquals(digest, Samples.digest(stored));
            }
        }
    }

    @Test
    void minioSdk_inParts() throws Exception {
        try (var minio = Sdks.minio(cairn)) {
            try (var in = Files.newInputStream(file)) {
                minio.putObject(PutObjectArgs.builder().bucket(BUCKET).object("file").stream(in, SIZE, (long) PART)
                        .build());
            }
            try (var in = minio.getObject(
                    GetObjectArgs.builder().bucket(BUCKET).object("file").build())) {
                assertEquals(digest, Samples.digest(in));
            }
        }
    }
}

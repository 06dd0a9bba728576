package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes minutes with the AWS command line: a source tree of 20,000 files, and a file of 2 GiB. */
@Tag("slow")
final class SourceTreeSyncTest {
    private static final int FILES = Integer.getInteger("cairn.files", 20_000);

    @TempDir
    private Path directory;

    @Test
    void sourceTree_syncedThereAndBack_isByteIdentical() {
        Path tree = directory.resolve("tree");
        Path back = directory.resolve("back");
        Samples.tree(tree, FILES);
        try (RunningCairn cairn = RunningCairn.on(directory.resolve("drive")).start()) {
            AwsCli aws = AwsCli.of(cairn, directory.resolve("home"));
            aws.s3("mb", "s3://source");
            long begun = System.nanoTime();
            aws.s3("sync", "--only-show-errors", tree.toString(), "s3://source/tree");
            long there = System.nanoTime();
            aws.s3("sync", "--only-show-errors", "s3://source/tree", back.toString());
            long done = System.nanoTime();
            System.out.println(
                    FILES + " files there: " + Duration.ofNanos(there - begun).toString());
            System.out.println(
                    FILES + " files back: " + Duration.ofNanos(done - there).toString());
            assertEquals(Samples.treeDigest(tree), Samples.treeDigest(back));
            String listed = aws.s3("ls", "--recursive", "--summarize", "s3://source/tree");
            assertTrue(
                    listed.contains("Total Objects: " + FILES),
                    () -> listed.lines().toList().getLast());
            System.out.println("resident at most, MiB: " + String.valueOf(cairn.residentBytesMax() >> 20));
        }
    }

    @Test
    void file_of2GiB_comesBackAsItWas() throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        assumeTrue(free > 8 * Samples.GIB, "needs 8 GiB of free space for temporary files, there are " + free);
        Path file = Samples.file(directory, 2 * Samples.GIB);
        String digest = Samples.digest(file);
        Path back = directory.resolve("back");
        try (RunningCairn cairn = RunningCairn.on(directory.resolve("drive")).start()) {
            AwsCli aws = AwsCli.of(cairn, directory.resolve("home"));
            aws.s3("mb", "s3://large");
            long begun = System.nanoTime();
            aws.s3("cp", "--only-show-errors", file.toString(), "s3://large/file");
            long there = System.nanoTime();
            aws.s3("cp", "--only-show-errors", "s3://large/file", back.toString());
            long done = System.nanoTime();
            assertEquals(digest, Samples.digest(back));
            System.out.println("2 GiB there: " + Duration.ofNanos(there - begun).toString());
            System.out.println("2 GiB back: " + Duration.ofNanos(done - there).toString());
            Files.delete(back);
            // The same again in one request.
            Curl curl = Curl.anonymous(directory.resolve("home")).signed(cairn).with("--max-time", "600");
            assertEquals(200, curl.status(cairn.s3() + "/large/whole", "--upload-file", file.toString()));
            Files.delete(file);
            curl.program().run(withOutput(curl, back, cairn.s3() + "/large/whole"));
            assertEquals(digest, Samples.digest(back));
            assertTrue(cairn.residentBytesMax() < Samples.GIB, "resident " + cairn.residentBytesMax());
            System.out.println("resident at most, MiB: " + String.valueOf(cairn.residentBytesMax() >> 20));
        }
    }

    private static String[] withOutput(Curl curl, Path file, String url) {
        return curl.with("--silent", "--fail", "--output", file.toString(), url)
                .options()
                .toArray(String[]::new);
    }
}

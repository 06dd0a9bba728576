package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source tree of 20,000 files with the AWS command line: minutes. {@code -Dcairn.files=N} for another size. */
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
}

package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code aws s3 …}: the commands that people type. */
@Tag("acceptance")
final class AwsCliTest {
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
    }

    @AfterAll
    static void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    @Test
    void files_ofEverySize_comeBackAsTheyWere() {
        aws.s3("mb", "s3://sizes");
        for (long size : Samples.SIZES) {
            Path file = Samples.file(files, size);
            aws.s3("cp", "--no-progress", file.toString(), "s3://sizes/dir/" + size);
            Path back = files.resolve("back");
            aws.s3("cp", "--no-progress", "s3://sizes/dir/" + size, back.toString());
            assertEquals(Samples.digest(file), Samples.digest(back), size + " bytes");
        }
        String listed = aws.s3("ls", "--recursive", "--summarize", "s3://sizes");
        assertTrue(listed.contains("Total Objects: " + Samples.SIZES.size()), listed);
        assertTrue(
                listed.contains("Total Size: "
                        + Samples.SIZES.stream().mapToLong(Long::longValue).sum()),
                listed);
        assertEquals("PRE dir/", aws.s3("ls", "s3://sizes").strip());
    }

    @Test
    void bucket_throughItsLife_isMadeListedAndRemoved() {
        assertEquals(
                "make_bucket: life-of-a-bucket",
                aws.s3("mb", "s3://life-of-a-bucket").strip());
        assertTrue(aws.s3("ls").contains(" life-of-a-bucket\n"));
        aws.s3("cp", "--no-progress", Samples.file(files, 1).toString(), "s3://life-of-a-bucket/one");
        assertTrue(aws.program()
                .fail("--endpoint-url", aws.endpoint(), "s3", "rb", "s3://life-of-a-bucket")
                .contains("BucketNotEmpty"));
        aws.s3("rb", "--force", "s3://life-of-a-bucket");
        assertFalse(aws.s3("ls").contains("life-of-a-bucket"));
    }

    @Test
    void object_copiedMovedRemoved_isWhereItShouldBe() {
        aws.s3("mb", "s3://moves");
        // Large enough that the server copies it in parts.
        Path file = Samples.file(files, 12 * Samples.MIB);
        aws.s3("cp", "--no-progress", file.toString(), "s3://moves/a b+c%41");
        aws.s3("cp", "--no-progress", "s3://moves/a b+c%41", "s3://moves/copy ü/🪨");
        aws.s3("mv", "--no-progress", "s3://moves/a b+c%41", "s3://moves/moved");
        Path back = files.resolve("back");
        aws.s3("mv", "--no-progress", "s3://moves/copy ü/🪨", back.toString());
        assertEquals(Samples.digest(file), Samples.digest(back));
        assertEquals(List.of("moved"), keys("moves"));
        aws.s3("rm", "s3://moves/moved");
        assertEquals(List.of(), keys("moves"));
    }

    @Test
    void stream_ofUnknownLength_comesBackThroughAPipe() throws Exception {
        aws.s3("mb", "s3://pipes");
        Path file = Samples.file(files, 20 * Samples.MIB + 1);
        String pipe = "cat \"$1\" | /usr/bin/aws --endpoint-url \"$2\" s3 cp - s3://pipes/streamed &&"
                + " /usr/bin/aws --endpoint-url \"$2\" s3 cp s3://pipes/streamed - | cmp - \"$1\"";
        var bash = new Program(
                Path.of("/bin/bash"), aws.program().home(), aws.program().environment());
        bash.run("-c", "set -o pipefail; " + pipe, "bash", file.toString(), aws.endpoint());
    }

    @Test
    void sync_afterChanges_movesOnlyWhatChanged() throws IOException {
        aws.s3("mb", "s3://synced");
        Path tree = files.resolve("tree");
        Samples.tree(tree, 120);
        aws.s3("sync", "--no-progress", tree.toString(), "s3://synced/copy");
        assertEquals("", aws.s3("sync", "--no-progress", tree.toString(), "s3://synced/copy"));
        Path changed = tree.resolve("changed");
        Files.writeString(changed, "new");
        Path removed;
        try (var all = Files.walk(tree)) {
            removed = all.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(changed))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(removed);
        String said = aws.s3("sync", "--no-progress", "--delete", tree.toString(), "s3://synced/copy");
        assertEquals(2, said.lines().count(), said);
        aws.s3(
                "sync",
                "--no-progress",
                "s3://synced/copy",
                files.resolve("back").toString());
        assertEquals(Samples.treeDigest(tree), Samples.treeDigest(files.resolve("back")));
        aws.s3("rm", "--recursive", "--quiet", "s3://synced");
        assertEquals(List.of(), keys("synced"));
    }

    @Test
    void presigned_untilItExpires_isReadWithoutKeys() throws IOException {
        aws.s3("mb", "s3://presigned");
        Path file = Samples.file(files, 4 * Samples.KIB);
        aws.s3("cp", "--no-progress", file.toString(), "s3://presigned/with space");
        String url = aws.s3("presign", "--expires-in", "600", "s3://presigned/with space")
                .strip();
        Program curl = Program.installed("/usr/bin/curl", directory.resolve("home"));
        Path back = files.resolve("back");
        curl.run("--fail", "--silent", "--output", back.toString(), url);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(back));
        String forged = url.replaceFirst("Expires=600", "Expires=60000");
        assertTrue(curl.run("--silent", forged).contains("<Code>SignatureDoesNotMatch</Code>"));
    }

    private static List<String> keys(String bucket) {
        String keys = aws.api("list-objects-v2", "--bucket", bucket, "--query", "Contents[].[Key]");
        return keys.equals("None") || keys.isEmpty() ? List.of() : keys.lines().toList();
    }
}

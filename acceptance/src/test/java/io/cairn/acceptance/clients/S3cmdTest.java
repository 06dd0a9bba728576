package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code s3cmd} with a configuration file of four lines. */
@Tag("acceptance")
final class S3cmdTest {
    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static Program program;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() {
        Path home =
                Program.installed("/usr/bin/s3cmd", directory.resolve("home")).home();
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        program = Program.s3cmd(cairn, home);
    }

    @AfterAll
    static void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    private static String s3cmd(String... arguments) {
        var line = new ArrayList<>(List.of("--no-progress"));
        line.addAll(List.of(arguments));
        return program.run(line.toArray(String[]::new));
    }

    @Test
    void files_ofEverySize_comeBack() {
        s3cmd("mb", "s3://sizes");
        for (long size : Samples.SIZES) {
            Path file = Samples.file(files, size);
            // s3cmd sends what is longer than 15 MiB in parts.
            s3cmd("put", file.toString(), "s3://sizes/parts/" + size);
            s3cmd("put", "--disable-multipart", file.toString(), "s3://sizes/whole/" + size);
            for (String place : List.of("parts", "whole")) {
                Path back = files.resolve("back");
                s3cmd("get", "--force", "s3://sizes/" + place + "/" + size, back.toString());
                assertEquals(Samples.digest(file), Samples.digest(back), place + " " + size);
            }
        }
        assertEquals(
                Samples.SIZES.size() * 2,
                s3cmd("ls", "-r", "s3://sizes").lines().count());
    }

    @Test
    void object_throughItsLife_isCopiedMovedAndRemoved() throws IOException {
        s3cmd("mb", "s3://life");
        Path file = Samples.file(files, 4 * Samples.KIB);
        s3cmd("put", "--add-header=x-amz-meta-colour:granite", file.toString(), "s3://life/a b+ü%");
        String info = s3cmd("info", "s3://life/a b+ü%");
        assertTrue(info.contains("File size: 4096"), info);
        assertTrue(info.contains("x-amz-meta-colour: granite"), info);
        s3cmd("cp", "s3://life/a b+ü%", "s3://life/copy");
        s3cmd("mv", "s3://life/copy", "s3://life/moved");
        s3cmd("modify", "--add-header=x-amz-meta-shape:cairn", "s3://life/moved");
        assertTrue(s3cmd("info", "s3://life/moved").contains("x-amz-meta-shape: cairn"));
        assertTrue(s3cmd("info", "s3://life").contains("Location:  us-east-1"));
        assertTrue(s3cmd("du", "s3://life").strip().startsWith("8192"));
        s3cmd("rm", "s3://life/a b+ü%");
        assertTrue(program.fail("rb", "s3://life").contains("BucketNotEmpty"));
        s3cmd("rm", "-r", "-f", "s3://life/");
        s3cmd("rb", "s3://life");
        assertFalse(s3cmd("ls").contains("s3://life"));
    }

    @Test
    void tree_syncedThereAndBack_isTheSame() throws IOException {
        s3cmd("mb", "s3://tree");
        Path tree = files.resolve("tree");
        Samples.tree(tree, 120);
        s3cmd("sync", tree + "/", "s3://tree/copy/");
        Path back = Files.createDirectories(files.resolve("back"));
        s3cmd("sync", "s3://tree/copy/", back + "/");
        assertEquals(Samples.treeDigest(tree), Samples.treeDigest(back));
        Files.writeString(tree.resolve("new"), "text");
        String said = s3cmd("sync", "--delete-removed", tree + "/", "s3://tree/copy/");
        assertEquals(1, said.lines().filter(line -> line.startsWith("upload:")).count(), said);
    }
}

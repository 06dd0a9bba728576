package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rclone} with a remote that is given by the environment. */
@Tag("acceptance")
final class RcloneTest {
    @TempDir
    private static Path directory;

    private static RunningCairn cairn;
    private static Program rclone;

    @TempDir
    private Path files;

    @BeforeAll
    static void start() {
        Path home =
                Program.installed("/usr/bin/rclone", directory.resolve("home")).home();
        cairn = RunningCairn.on(directory.resolve("drive")).start();
        rclone = Program.rclone(cairn, home);
    }

    @AfterAll
    static void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    @Test
    void tree_copiedThereAndBack_isTheSame() throws IOException {
        Path tree = files.resolve("tree");
        Samples.tree(tree, 300);
        rclone.run("mkdir", "cairn:tree");
        rclone.run("copy", tree.toString(), "cairn:tree/copy");
        rclone.run("check", tree.toString(), "cairn:tree/copy");
        rclone.run("check", "--download", tree.toString(), "cairn:tree/copy");
        rclone.run("sync", "cairn:tree/copy", files.resolve("back").toString());
        assertEquals(Samples.treeDigest(tree), Samples.treeDigest(files.resolve("back")));
        Files.writeString(tree.resolve("new"), "text");
        rclone.run("sync", tree.toString(), "cairn:tree/copy");
        assertEquals("text", rclone.run("cat", "cairn:tree/copy/new"));
        Files.delete(tree.resolve("new"));
        rclone.run("sync", tree.toString(), "cairn:tree/copy");
        assertFalse(rclone.run("lsf", "cairn:tree/copy").contains("new\n"));
        rclone.run("purge", "cairn:tree");
        assertFalse(rclone.run("lsd", "cairn:").contains("tree"));
    }

    @Test
    void check_ofADifferentFile_fails() throws IOException {
        Path tree = files.resolve("tree");
        Files.createDirectories(tree);
        Files.writeString(tree.resolve("file"), "one");
        rclone.run("mkdir", "cairn:different");
        rclone.run("copy", tree.toString(), "cairn:different");
        Files.writeString(tree.resolve("file"), "two");
        assertTrue(rclone.fail("check", tree.toString(), "cairn:different").contains("1 differences found"));
    }

    @Test
    void files_ofEverySize_inPartsAndWhole_comeBack() {
        rclone.run("mkdir", "cairn:sizes");
        for (long size : Samples.SIZES) {
            Path file = Samples.file(files, size);
            rclone.run("copyto", file.toString(), "cairn:sizes/whole/" + size);
            rclone.run("--s3-upload-cutoff", "5M", "copyto", file.toString(), "cairn:sizes/parts/" + size);
            rclone.run("copyto", "cairn:sizes/parts/" + size, "cairn:sizes/copied/" + size);
            rclone.run("moveto", "cairn:sizes/copied/" + size, "cairn:sizes/moved/" + size);
            for (String place : new String[] {"whole", "parts", "moved"}) {
                Path back = files.resolve("back");
                rclone.run("copyto", "cairn:sizes/" + place + "/" + size, back.toString());
                assertEquals(Samples.digest(file), Samples.digest(back), place + " " + size);
            }
        }
        assertEquals("moved/\nparts/\nwhole/\n", rclone.run("lsf", "cairn:sizes"));
    }
}

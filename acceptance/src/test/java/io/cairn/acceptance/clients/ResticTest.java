package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code restic} with its repository in a bucket. */
@Tag("acceptance")
final class ResticTest {
    @TempDir
    private Path directory;

    @Test
    void backups_checkedRestoredAndPruned_areWhole() throws IOException {
        Program installed = Program.installed("/usr/bin/restic", directory.resolve("home"));
        Path tree = directory.resolve("tree");
        Samples.tree(tree, 500);
        Samples.file(tree, 64 * Samples.MIB);
        try (RunningCairn cairn = RunningCairn.on(directory.resolve("drive")).start()) {
            Program restic = installed
                    .with("AWS_ACCESS_KEY_ID", cairn.accessKey())
                    .with("AWS_SECRET_ACCESS_KEY", cairn.secretKey())
                    .with("RESTIC_REPOSITORY", "s3:" + cairn.s3() + "/backups")
                    .with("RESTIC_PASSWORD", "correct horse")
                    .with("RESTIC_CACHE_DIR", directory.resolve("cache").toString());
            restic.run("init");
            restic.run("backup", tree.toString());
            Files.writeString(tree.resolve("later"), "second snapshot");
            restic.run("backup", tree.toString());
            assertTrue(restic.run("check", "--read-data").contains("no errors were found"));
            restore(restic, "--target", directory.resolve("restored").toString(), tree);
            restic.run("forget", "--keep-last", "1", "--prune");
            assertTrue(restic.run("check", "--read-data").contains("no errors were found"));
            assertTrue(restic.run("snapshots").contains("1 snapshots"));
            restore(restic, "--target", directory.resolve("again").toString(), tree);
        }
    }

    private static void restore(Program restic, String option, String target, Path tree) {
        restic.run("restore", "latest", option, target);
        Path restored = Path.of(target).resolve(Path.of("/").relativize(tree));
        assertEquals(Samples.treeDigest(tree), Samples.treeDigest(restored));
    }
}

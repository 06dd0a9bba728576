package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.LoopDrive;
import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository whose file system is full: the run says so, what was there stays, and with room it goes on. */
@Tag("acceptance")
final class FullRepositoryTest {
    private static final int DRIVE_MIB = 48;

    @TempDir
    private Path scratch;

    private RunningCairn.Ended cairn(Path repository, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--repo", repository.toString()));
        all.addAll(List.of("--password-file", scratch.resolve("password").toString()));
        return RunningCairn.command(Map.of(), all);
    }

    private void done(Path repository, String... arguments) {
        RunningCairn.Ended ended = cairn(repository, arguments);
        assertEquals(0, ended.status(), () -> List.of(arguments) + ": " + ended.output());
    }

    private Path noise(String name, int mebibytes) throws IOException {
        byte[] bytes = new byte[mebibytes << 20];
        new SplittableRandom(mebibytes).nextBytes(bytes);
        Path directory = Files.createDirectories(scratch.resolve(name));
        Files.write(directory.resolve("noise"), bytes);
        return directory;
    }

    @Test
    void directory_full_losesNothing_andGoesOnWithRoom() throws IOException {
        assumeTrue(Shell.canMount(), "making a small file system needs root, mkfs and loop devices");
        Files.writeString(scratch.resolve("password"), "correct horse battery staple\n");
        Path small = noise("small", 5);
        Path large = noise("large", 60);
        try (LoopDrive drive = LoopDrive.xfs(scratch, "drive", 320)) {
            Path repository = drive.data();
            done(repository, "repo", "init");
            done(repository, "backup", "run", "--source", small.toString());
            fillBut(repository, DRIVE_MIB);
            RunningCairn.Ended full = cairn(repository, "backup", "run", "--source", large.toString());
            assertEquals(1, full.status(), full::output);
            assertTrue(full.output().contains("No space left on device"), full::output);
            assertTrue(full.output().contains("make room"), full::output);
            done(repository, "repo", "check", "--read-data");
            Files.delete(repository.resolveSibling("filler"));
            done(repository, "backup", "run", "--source", large.toString());
            done(repository, "repo", "check", "--read-data");
            String target = scratch.resolve("restored").toString();
            done(repository, "backup", "restore", "latest", "--target", target);
            String _ = Shell.run("diff", "-r", large.toString(), target + large);
        }
    }

    private static void fillBut(Path repository, int mebibytes) throws IOException {
        long free = Files.getFileStore(repository).getUsableSpace() - ((long) mebibytes << 20);
        String _ = Shell.run(
                "fallocate",
                "-l",
                Long.toString(free),
                repository.resolveSibling("filler").toString());
    }
}

package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories in buckets of our own store, beside Debian's {@code restic}. */
@Tag("acceptance")
final class BucketRepositoryTest {
    private static final Duration WITHIN = Duration.ofMinutes(3);

    @TempDir
    private static Path scratch;

    private static RunningCairn store;
    private static Path tree;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/restic")),
                "restic is not installed; scripts/install-test-tools installs it");
        store = RunningCairn.on(scratch.resolve("drive")).start();
        Files.writeString(scratch.resolve("password"), "correct horse battery staple\n");
        tree = Files.createDirectories(scratch.resolve("tree"));
        var random = new SplittableRandom(7);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[random.nextInt(200_000)];
            random.nextBytes(bytes);
            Path directory = Files.createDirectories(tree.resolve("d" + i % 7));
            Files.write(directory.resolve("file " + i), bytes);
        }
    }

    @AfterAll
    static void stop() {
        if (store != null) {
            store.close();
        }
    }

    private static Map<String, String> environment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", store.accessKey(),
                "AWS_SECRET_ACCESS_KEY", store.secretKey(),
                "RESTIC_CACHE_DIR", scratch.resolve("cache").toString());
    }

    private static String cairn(String repository, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--repo",
                repository,
                "--password-file",
                scratch.resolve("password").toString()));
        RunningCairn.Ended ended = RunningCairn.command(environment(), all);
        assertFalse(ended.output().contains(store.secretKey()), "the secret key was shown");
        assertEquals(0, ended.status(), () -> all + ": " + ended.output());
        return ended.output();
    }

    private static String restic(String repository, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "/usr/bin/restic",
                "-r",
                repository,
                "-p",
                scratch.resolve("password").toString()));
        all.addAll(List.of(arguments));
        Shell.Ended ended = Shell.end(WITHIN, environment(), all);
        assertEquals(0, ended.status(), () -> all + ": " + ended.output());
        return ended.output();
    }

    /** The newest snapshot of all is the recovery point's own. */
    private static void resticRestore(String repository, String target) {
        String said = restic(
                repository,
                "restore",
                "latest",
                "--path",
                tree.toString(),
                "--target",
                scratch.resolve(target).toString());
        assertTrue(said.contains("of [" + tree + "]"), said);
    }

    private static void assertRestored(String target) {
        String restored = scratch.resolve(target) + tree.toString();
        String _ = Shell.run("diff", "-r", tree.toString(), restored);
    }

    @Test
    void repository_writtenByUs_isCheckedAndRestoredByRestic() {
        String place = store.s3().getAuthority() + "/ours/below/here";
        cairn("s3://" + place, "repo", "init");
        cairn("s3://" + place, "backup", "run", "--source", tree.toString());
        String restics = "s3:http://" + place;
        assertTrue(restic(restics, "check", "--read-data").contains("no errors were found"));
        resticRestore(restics, "by-restic");
        assertRestored("by-restic");
        cairn(restics, "backup", "forget", "--keep-last", "1");
        cairn(restics, "repo", "prune");
        assertTrue(restic(restics, "check", "--read-data").contains("no errors were found"));
    }

    @Test
    void repository_writtenByRestic_isReadAndContinuedByUs() {
        String place = "s3:" + store.s3() + "/theirs";
        restic(place, "init");
        restic(place, "backup", tree.toString());
        cairn(
                place,
                "backup",
                "restore",
                "latest",
                "--target",
                scratch.resolve("by-us").toString());
        assertRestored("by-us");
        cairn(place, "backup", "run", "--source", tree.toString());
        cairn(place, "repo", "check", "--read-data");
        assertTrue(restic(place, "check", "--read-data").contains("no errors were found"));
    }

    @Test
    void store_thatFailsAtRandom_losesNothing() {
        String good = "s3:" + store.s3() + "/battered";
        try (BadLine line = new BadLine(store.s3(), 20261122)) {
            String bad = "s3:http://" + line.authority() + "/battered";
            cairn(bad, "repo", "init");
            cairn(bad, "backup", "run", "--source", tree.toString());
            cairn(bad, "repo", "check", "--read-data");
            assertTrue(line.faults() > 0, "the line was good");
        }
        assertTrue(restic(good, "check", "--read-data").contains("no errors were found"));
        resticRestore(good, "battered");
        assertRestored("battered");
    }
}

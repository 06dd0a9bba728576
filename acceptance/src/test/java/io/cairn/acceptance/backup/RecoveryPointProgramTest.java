package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.Shell;
import io.cairn.backup.escrow.KeyFiles;
import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.Partials;
import io.cairn.backup.point.PointVerification;
import io.cairn.backup.point.RunListener;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Check;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery points by the program itself: carried by Debian's {@code restic copy}, and not left by a killed run. */
@Tag("acceptance")
final class RecoveryPointProgramTest {
    private static final Duration WITHIN = Duration.ofMinutes(3);
    private static final int KILLED = 137;
    private static final byte[] PASSWORD = "correct horse battery staple".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path scratch;

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(scratch.resolve("password"), new String(PASSWORD, StandardCharsets.UTF_8) + "\n");
        Files.createDirectories(scratch.resolve("tree/below"));
        Files.writeString(scratch.resolve("tree/below/file"), "content");
        Files.writeString(scratch.resolve("master.key"), "the key of volumes");
        Repository.create(backend("repo"), PASSWORD, actor());
    }

    private LocalDirectory backend(String name) {
        return new LocalDirectory(scratch.resolve(name), Entropy.secure());
    }

    private static Actor actor() {
        return Actor.thisProcess(Clock.system(), Entropy.secure());
    }

    private RunningCairn.Ended cairn(String repository, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--repo", scratch.resolve(repository).toString()));
        all.addAll(List.of("--password-file", scratch.resolve("password").toString()));
        return RunningCairn.command(Map.of(), all);
    }

    private void restic(String... arguments) {
        List<String> all = new ArrayList<>(List.of("/usr/bin/restic", "--no-cache"));
        all.addAll(List.of(arguments));
        Shell.Ended ended = Shell.end(WITHIN, Map.of(), all);
        assertEquals(0, ended.status(), () -> all + ": " + ended.output());
    }

    @Test
    void point_afterResticCopy_isThereWithItsKeys() throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/restic")),
                "restic is not installed; scripts/install-test-tools installs it");
        String tree = scratch.resolve("tree").toString();
        RunningCairn.Ended made = cairn(
                "repo",
                "backup",
                "run",
                "--source",
                tree,
                "--source",
                "command:echo dumped",
                "--escrow",
                scratch.resolve("master.key").toString());
        assertEquals(0, made.status(), made::output);
        String password = scratch.resolve("password").toString();
        String from = scratch.resolve("repo").toString();
        String to = scratch.resolve("copy").toString();
        restic("-r", to, "-p", password, "init");
        restic("-r", to, "-p", password, "copy", "--from-repo", from, "--from-password-file", password);
        Repository copy = Repository.open(backend("copy"), PASSWORD, actor());
        Catalogue catalogue = new Catalogue(copy);
        Catalogue.Entry point = catalogue.find("latest");
        assertTrue(point.isGood(), () -> point.problems().toString());
        assertEquals(2, point.parts().size());
        assertTrue(new PointVerification(copy, RunListener.NONE)
                .verify(point)
                .errors()
                .isEmpty());
        Path keys = scratch.resolve("keys");
        KeyFiles.export(catalogue, point, keys);
        assertEquals("the key of volumes", Files.readString(keys.resolve("master.key")));
    }

    /** The source kills the program that reads it, while an application is at rest. */
    @Test
    void run_killedInTheMiddle_leavesNoPointAndTheApplicationGoesOn() throws Exception {
        Path thawed = scratch.resolve("thawed");
        RunningCairn.Ended ended = cairn(
                "repo",
                "backup",
                "run",
                "--source",
                "command:sh -c 'echo half; kill -9 $PPID'",
                "--before",
                "true",
                "--after",
                "touch " + thawed);
        assertEquals(KILLED, ended.status(), ended::output);
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!Files.exists(thawed) && System.nanoTime() < until) {
            Thread.sleep(50);
        }
        assertTrue(Files.exists(thawed), "nobody let the application go on");
        Repository repository = Repository.open(backend("repo"), PASSWORD, actor());
        assertTrue(new Catalogue(repository).list().entries().isEmpty());
        String label = new Partials(repository).list().getFirst().label();
        assertTrue(label.contains("its process ended before the run did"), label);
        assertTrue(new Check(repository, Progress.NONE).run(_ -> true).clean());
    }
}

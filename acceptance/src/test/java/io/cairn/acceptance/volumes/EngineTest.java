package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of volumes rely on: an Engine that works, survives SIGKILL, and leaves nothing behind. */
@Tag("acceptance")
final class EngineTest {
    @TempDir
    Path root;

    @Test
    void engine_killedAndStartedAgain_worksAndLeavesNothing() {
        Path own = root.resolve("engine");
        String container;
        try (Engine engine = Engine.start(own, "--live-restore")) {
            assertEquals("hello\n", engine.contained(List.of(), "echo hello"));
            container = engine.detached(List.of(), "while :; do sleep 1; done");
            assertTrue(
                    Leftovers.of(own, Set.of(container)).stream().anyMatch(line -> line.startsWith("control group")));
            engine.kill();
            engine.startAgain();
            assertEquals(container, engine.run("ps", "--quiet", "--no-trunc").strip());
            engine.kill();
        }
        assertEquals(List.of(), Leftovers.of(own, Set.of(container)));
        assertTrue(Files.notExists(own));
    }

    /** The control: what is left behind is seen. */
    @Test
    void leftovers_loopAndMountAndProcess_areFound() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(Shell.canMount(), "loop devices need root");
        Path own = Files.createDirectories(root.resolve("left"));
        Path image = own.resolve("image");
        String _ = Shell.run("truncate", "-s", "16M", image.toString());
        String _ = Shell.run("mke2fs", "-q", "-t", "ext4", image.toString());
        String _ = Shell.run("losetup", "--find", image.toString());
        String _ = Shell.run(
                "mount",
                "-t",
                "tmpfs",
                "none",
                Files.createDirectory(own.resolve("mnt")).toString());
        Process process = new ProcessBuilder("tail", "-f", image.toString()).start();
        try {
            assertEquals(3, Leftovers.of(own, Set.of()).size());
        } finally {
            process.destroyForcibly();
            Leftovers.clear(own);
        }
        Leftovers.await(own, Set.of());
    }
}

package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The daemon dies at every step of an operation: before its first change of the host, before its second, and so on
 * until the operation comes through. It dies by itself, by the hook {@code cairn.volumes.haltAt}, which is as sudden as
 * SIGKILL. After each death it is started again, and the volume must be as promised. Here Docker's part is played by
 * {@link PluginClient}; with a real Engine it is {@link KilledEngineTest}.
 */
@Tag("slow")
final class HaltTest {
    private static final String VOLUME = "victim";
    private static final Map<String, String> OPTIONS = Map.of("size", "64M");
    private static final int STEPS_MAX = 60;
    private static final int HALTED = 137;
    /** Far below the time for which Docker may keep a reference that nobody uses; only the tests wait so little. */
    private static final String LEAK_AGE = "1";

    @TempDir
    Path root;

    /** What is done while the daemon may die, and what must be there before. */
    enum Operation {
        CREATE("create", false, false) {
            @Override
            void act(PluginClient docker) {
                docker.create(VOLUME, OPTIONS);
            }
        },
        MOUNT("hold", true, false) {
            @Override
            void act(PluginClient docker) {
                Path _ = docker.mount(VOLUME, "second");
            }
        },
        UNMOUNT("release", true, true) {
            @Override
            void act(PluginClient docker) {
                docker.unmount(VOLUME, "first");
            }
        },
        REMOVE("remove", true, false) {
            @Override
            void act(PluginClient docker) {
                docker.remove(VOLUME);
            }
        };

        private final String name;
        private final boolean exists;
        private final boolean held;

        Operation(String name, boolean exists, boolean held) {
            this.name = name;
            this.exists = exists;
            this.held = held;
        }

        abstract void act(PluginClient docker);

        boolean comesThrough(VolumeDaemon cairn) {
            try (PluginClient docker = cairn.connect()) {
                act(docker);
                return true;
            } catch (UncheckedIOException dead) {
                assertEquals(HALTED, cairn.awaitEnd(), cairn::said);
                return false;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CREATE", "MOUNT", "UNMOUNT", "REMOVE"})
    void daemon_deadAtAnyStep_isFollowedByOneThatPutsItRight(Operation operation) {
        assumeTrue(Shell.canMount(), "loop devices need root");
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"))) {
            int step = 1;
            while (!dies(cairn, operation, step)) {
                step++;
                assertTrue(step < STEPS_MAX, "the operation never came through");
            }
            System.out.println(operation + ": " + (step - 1) + " steps");
            assertTrue(step > 2, "the hook did nothing");
        }
    }

    /** Whether the operation came through, because it has fewer steps than that. */
    private static boolean dies(VolumeDaemon cairn, Operation operation, int step) {
        prepare(cairn, operation);
        assertEquals(0, cairn.stop());
        cairn.startAgain(Map.of("cairn.volumes.haltAt", operation.name + ":" + step));
        boolean through = operation.comesThrough(cairn);
        if (through) {
            assertEquals(0, cairn.stop());
        }
        cairn.startAgain(Map.of("cairn.volumes.leakAgeSeconds", LEAK_AGE));
        try (PluginClient docker = cairn.connect()) {
            audit(cairn, docker, operation, step);
        }
        assertEquals(List.of(), left(cairn), () -> "after step " + step + ": " + cairn.said());
        return through;
    }

    private static void prepare(VolumeDaemon cairn, Operation operation) {
        try (PluginClient docker = cairn.connect()) {
            if (operation.exists) {
                docker.create(VOLUME, OPTIONS);
                Files.writeString(docker.mount(VOLUME, "first").resolve("file"), "kept");
                if (!operation.held) {
                    docker.unmount(VOLUME, "first");
                }
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /**
     * The volume can be created or is there, keeps its data, refuses removal while it is held, and goes when it is not.
     */
    private static void audit(VolumeDaemon cairn, PluginClient docker, Operation operation, int step) {
        boolean there = docker.exists(VOLUME);
        assertTrue(there || !operation.exists || operation == Operation.REMOVE, () -> "lost at step " + step);
        docker.create(VOLUME, OPTIONS);
        Path mounted = docker.mount(VOLUME, "third");
        if (there && operation.exists) {
            assertTrue(Files.exists(mounted.resolve("file")), () -> "data lost at step " + step);
        }
        assertTrue(Files.isDirectory(mounted));
        PluginClient.Answer refused = docker.ask("Remove", Map.of("Name", VOLUME));
        assertFalse(refused.error().isEmpty(), () -> "removed while in use, after step " + step);
        docker.unmount(VOLUME, "third");
        Waiting.until("removed after step " + step, Duration.ofSeconds(60), () -> {
            cairn.reconcile();
            return docker.ask("Remove", Map.of("Name", VOLUME)).error().isEmpty();
        });
        assertFalse(docker.exists(VOLUME));
    }

    /** Loop devices, mounts, and files of volumes that no longer are. */
    private static List<String> left(VolumeDaemon cairn) {
        List<String> left = new ArrayList<>(Leftovers.loops(cairn.pool()));
        left.addAll(Leftovers.mounts(cairn.pool()));
        try (Stream<Path> files = Files.list(cairn.pool().resolve("volumes"))) {
            left.addAll(files.map(Path::toString).toList());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return left;
    }
}

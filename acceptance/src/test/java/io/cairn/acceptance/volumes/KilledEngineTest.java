package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Engine and daemon die by SIGKILL, one of them or both, while containers use volumes. What Docker does then is written
 * in {@code docs/volumes}: it forgets unmounts, and sends mounts again with the same id.
 */
@Tag("acceptance")
final class KilledEngineTest {
    private static final String WRITING = "while :; do date >>/data/log; sync; sleep 0.2; done";
    private static final Map<String, String> QUICK = Map.of("cairn.volumes.leakAgeSeconds", "1");

    @TempDir
    Path root;

    private static void create(Engine engine, VolumeDaemon cairn, String name) {
        String _ = engine.run("volume", "create", "--driver", cairn.driver(), "--opt", "size=64M", name);
    }

    private static long lines(Engine engine, String container) {
        Shell.Ended ended = engine.end("exec", container, "wc", "-l", "/data/log");
        return ended.status() == 0 ? Long.parseLong(ended.output().split(" ")[0]) : 0;
    }

    private static void awaitMore(Engine engine, String container) {
        long before = lines(engine, container);
        Waiting.until("the container writes", Duration.ofSeconds(20), () -> lines(engine, container) > before);
    }

    private static boolean refuses(VolumeDaemon cairn, String volume) {
        return cairn.volumeEnds("rm", volume).status() != 0;
    }

    private static void removeVolume(Engine engine, VolumeDaemon cairn, String volume) {
        Waiting.until("the volume that nobody uses is removed", Duration.ofSeconds(60), () -> {
            cairn.reconcile();
            return engine.end("volume", "rm", volume).status() == 0
                    || !engine.run("volume", "ls", "--quiet").contains(volume);
        });
        assertEquals(List.of(), Leftovers.loops(cairn.pool()));
        assertEquals(List.of(), Leftovers.mounts(cairn.pool()));
    }

    @Test
    void daemonKilled_whileAContainerWrites_hasTheSameReferenceAfterwards() {
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                Engine engine = Engine.start(root.resolve("engine"))) {
            create(engine, cairn, "victim");
            String id = engine.detached(List.of("-v", "victim:/data"), WRITING);
            awaitMore(engine, id);
            cairn.kill();
            awaitMore(engine, id);
            cairn.startAgain(QUICK);
            cairn.reconcile();
            awaitMore(engine, id);
            assertTrue(refuses(cairn, "victim"), "in use");
            // The id of the mount is known: this is the unmount that takes the only reference away.
            String _ = engine.run("rm", "--force", id);
            assertEquals(List.of(), Leftovers.loops(cairn.pool()));
            removeVolume(engine, cairn, "victim");
        }
    }

    /** Docker never sends the unmount of a container that it found dead. */
    @Test
    void engineKilled_withAContainer_leavesAReferenceThatReconciliationDrops() {
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                Engine engine = Engine.start(root.resolve("engine"))) {
            assertEquals(0, cairn.stop());
            cairn.startAgain(QUICK);
            create(engine, cairn, "victim");
            String id = engine.detached(List.of("-v", "victim:/data"), WRITING);
            awaitMore(engine, id);
            engine.kill();
            assertTrue(refuses(cairn, "victim"), "the container lives on without its Engine");
            engine.startAgain();
            String _ = engine.run("start", id);
            awaitMore(engine, id);
            String _ = engine.run("rm", "--force", id);
            removeVolume(engine, cairn, "victim");
        }
    }

    @Test
    void both_killedWithLiveRestore_agreeAfterwards() {
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                Engine engine = Engine.start(root.resolve("engine"), "--live-restore")) {
            create(engine, cairn, "victim");
            String id = engine.detached(List.of("-v", "victim:/data"), WRITING);
            awaitMore(engine, id);
            engine.kill();
            cairn.kill();
            cairn.startAgain(QUICK);
            engine.startAgain();
            awaitMore(engine, id);
            cairn.reconcile();
            assertTrue(refuses(cairn, "victim"), "in use");
            String _ = engine.run("stop", "--time", "0", id);
            assertEquals(List.of(), Leftovers.loops(cairn.pool()), "the unmount came with the id of before");
            String _ = engine.run("start", id);
            awaitMore(engine, id);
            String _ = engine.run("rm", "--force", id);
            removeVolume(engine, cairn, "victim");
        }
    }

    /**
     * Docker asks again by itself, but without the content of its call, which it has spent: so it shows an error, and
     * the same command works when a person repeats it.
     */
    @Test
    void daemonDeadWhileMounting_andStartedAgain_mountsWhenAskedAgain() {
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                Engine engine = Engine.start(root.resolve("engine"))) {
            create(engine, cairn, "victim");
            List<String> volume = List.of("-v", "victim:/data");
            assertEquals("ran\n", engine.contained(volume, "echo first >/data/log; echo ran"));
            for (int step : List.of(2, 5)) {
                assertEquals(0, cairn.stop());
                cairn.startAgain(Map.of("cairn.volumes.haltAt", "hold:" + step));
                CompletableFuture<String> said =
                        CompletableFuture.supplyAsync(() -> engine.containedFails(volume, "echo not yet"));
                assertEquals(137, cairn.awaitEnd());
                cairn.startAgain(QUICK);
                assertTrue(said.join().contains("Error response from daemon"), said::join);
                assertEquals("first\n", engine.contained(volume, "cat /data/log"));
            }
            removeVolume(engine, cairn, "victim");
        }
    }

    /** Not even asked: then Docker's patience of 15 seconds covers a restart, and callers see only a delay. */
    @Test
    void daemonAwayForSeconds_isOnlyADelay() {
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                Engine engine = Engine.start(root.resolve("engine"))) {
            create(engine, cairn, "victim");
            cairn.kill();
            CompletableFuture<String> said =
                    CompletableFuture.supplyAsync(() -> engine.contained(List.of("-v", "victim:/data"), "echo ran"));
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            cairn.startAgain();
            assertEquals("ran\n", said.join());
            removeVolume(engine, cairn, "victim");
        }
    }

    /** Nobody hears the unmount; the volume must not be held for ever. */
    @Test
    @Tag("slow")
    void daemonDeadWhileAContainerStops_dropsTheReferenceLater() {
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                Engine engine = Engine.start(root.resolve("engine"))) {
            create(engine, cairn, "victim");
            String id = engine.detached(List.of("-v", "victim:/data"), WRITING);
            awaitMore(engine, id);
            cairn.kill();
            String _ = engine.run("rm", "--force", id);
            cairn.startAgain(QUICK);
            removeVolume(engine, cairn, "victim");
        }
    }
}

package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code cairn volume} says and does, through the control socket down to the kernel; no Docker is there. */
@Tag("acceptance")
final class VolumeCliTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path root;

    private VolumeDaemon cairn;

    @BeforeEach
    void start() {
        assumeTrue(Shell.canMount(), "loop devices and mounts need root and losetup");
        cairn = VolumeDaemon.start(root.resolve("cairn"));
    }

    @AfterEach
    void stop() {
        if (cairn != null) {
            cairn.close();
        }
    }

    private JsonNode json(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return JSON.readTree(cairn.volume(all));
    }

    /** The one line that a refused command says. */
    private String refused(String... arguments) {
        Shell.Ended ended = cairn.volumeEnds(arguments);
        assertEquals(1, ended.status(), ended.output());
        assertEquals(1, ended.output().strip().lines().count(), ended.output());
        return ended.output();
    }

    @Test
    void volume_fromItsMakingToItsEnd() throws IOException {
        JsonNode made = json("create", "orders", "-o", "size=64M", "-o", "fs=ext4");
        assertEquals(64 * MEBIBYTE, made.path("size").asLong());
        assertEquals("ext4", made.path("filesystem").asString());
        assertEquals("orders", json("ls").get(0).path("name").asString());
        assertTrue(cairn.volume("ls").contains("orders"));

        assertEquals(
                "first",
                json("snapshot", "create", "orders", "first").path("name").asString());
        assertTrue(refused("snapshot", "create", "orders", "first").contains("first"));
        String dated = json("snapshot", "create", "orders").path("name").asString();
        assertTrue(dated.matches("\\d{8}_\\d{6}"), dated);
        assertEquals(2, json("snapshot", "ls", "orders").size());
        JsonNode diff = json("diff", "orders", dated, "--from", "first");
        assertTrue(Files.exists(Path.of(diff.path("image").asString())), diff::toString);

        assertEquals(128 * MEBIBYTE, json("resize", "orders", "128M").path("to").asLong());
        assertTrue(refused("resize", "orders", "64M").contains("128"));
        assertEquals(
                128 * MEBIBYTE, json("inspect", "orders").get(0).path("size").asLong());

        json("clone", "orders@first", "copy");
        assertNotEquals(
                json("inspect", "orders").get(0).path("id"),
                json("inspect", "copy").get(0).path("id"));
        assertEquals(
                "first",
                json("rollback", "orders", "first", "--yes").path("name").asString());
        assertEquals(2, cairn.volumeEnds("rollback", "orders", "first").status(), "it asks for --yes");

        assertTrue(refused("rm", "orders").contains("snapshot"));
        assertEquals(
                dated,
                json("snapshot", "rm", "orders", dated).path("removed").get(0).asString());
        assertEquals(
                2, json("rm", "orders", "copy", "--snapshots").path("removed").size());
        assertEquals(0, json("ls").size());
        assertTrue(refused("inspect", "orders").contains("cairn volume ls"));
    }

    @Test
    void mounted_isShownAndKept() throws IOException {
        String _ = cairn.volume("create", "db", "-o", "size=64M");
        try (PluginClient docker = cairn.connect()) {
            Path mounted = docker.mount("db", "a");
            Files.write(mounted.resolve("file"), new byte[(int) MEBIBYTE]);
            JsonNode shown = json("inspect", "db").get(0);
            assertTrue(shown.path("mounted").asBoolean());
            assertEquals(1, shown.path("holders").path("a").asInt());
            assertTrue(shown.path("used").asLong() >= MEBIBYTE, shown::toString);
            assertTrue(cairn.volume("inspect", "db").contains(mounted.toString()));
            assertTrue(refused("rm", "db").contains("in use"));
            assertTrue(json("trim", "db").path("db").asLong() >= 0);
            assertEquals("all is as it should be", cairn.volume("reconcile").strip());
            docker.unmount("db", "a");
        }
        assertFalse(json("inspect", "db").get(0).path("mounted").asBoolean());
        String _ = cairn.volume("rm", "db");
    }

    @Test
    void host_asItIs_isReported() {
        JsonNode pool = json("pool", "ls").get(0);
        assertEquals("ok", pool.path("level").asString());
        assertEquals(cairn.pool().toString(), pool.path("directory").asString());
        assertTrue(pool.path("size").asLong() > 0);
        assertTrue(cairn.volumeEnds("doctor").output().contains("loop"), "the doctor speaks of loop devices");
        assertTrue(refused("create", "v", "-o", "sizw=1G").contains("size"), "the nearest name is offered");
        assertTrue(refused("create", "../v", "-o", "size=64M").contains("../v"));
        assertTrue(refused("key", "export", root.resolve("keys").toString()).contains("nothing to export"));
        assertFalse(Files.exists(root.resolve("keys")));
    }

    /** Wherever encryption is possible the master key is made on first need, and can be taken out once. */
    @Test
    void masterKey_exported_isReadableByItsOwnerOnly() throws IOException {
        Shell.Ended made = cairn.volumeEnds("create", "secret", "-o", "size=64M", "-o", "encrypted=true");
        assumeTrue(made.status() == 0, made.output());
        Path file = root.resolve("keys");
        String said = cairn.volume("key", "export", file.toString());
        assertTrue(said.contains(file.toString()), said);
        assertEquals("600", Shell.run("stat", "-c", "%a", file.toString()).strip());
        assertTrue(refused("key", "export", file.toString()).contains("already"));
        assertEquals(1, json("key", "rotate", "secret").size());
        String _ = cairn.volume("key", "rotate", "--master");
        String _ = cairn.volume("rm", "secret");
    }
}

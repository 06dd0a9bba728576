package io.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code cairn volume} asks, prints and ends with, against a daemon of canned answers. */
@Timeout(60)
class VolumeCommandTest {
    private static final String PLAIN = """
            {"name":"a","id":"1","created":"2026-11-22T12:00:00Z","mountpoint":"/p/mnt/1/data","mounted":false,
            "kind":"image","size":10737418240,"used":null,"available":null,"inodes":null,"inodesFree":null,
            "allocated":1048576,"thick":false,"filesystem":"ext4","mountOptions":["noatime"],
            "limits":{"readIops":500,"writeIops":500,"readBytes":null,"writeBytes":1048576},
            "enforcement":"direct I/O of each container","encryption":"none","storageClass":"hot","tier":"hot",
            "backupPolicy":"none","holders":{},"snapshots":0,"lastSnapshot":null,"lastBackup":null,
            "warnings":["the key lies on the pool's disk"]}
            """;

    @TempDir
    private Path directory;

    private FakeControl daemon;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void listen() {
        daemon = new FakeControl(socket());
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private Path socket() {
        return directory.resolve("c.sock");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("volume"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--control", socket().toString()));
        return Cairn.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString());
    }

    @Test
    void create_sendsOptionsAndSaysWhatCameOfIt() {
        daemon.on("POST /v1/volumes", 200, PLAIN);
        assertEquals(0, run("create", "a", "-o", "size=10G", "--opt", "iops=500"));
        assertEquals(
                List.of("POST /v1/volumes"),
                daemon.asked.stream().map(each -> each.substring(0, 16)).toList());
        assertTrue(daemon.asked.getFirst().contains("\"size\":\"10G\""), daemon.asked.getFirst());
        assertTrue(daemon.asked.getFirst().contains("\"iops\":\"500\""), daemon.asked.getFirst());
        assertEquals("""
                volume a: 10.0 GiB ext4, class hot, limits 500 IOPS, write 1.0 MiB/s (direct I/O of each container), \
                encryption none
                  ! the key lies on the pool's disk
                """, out.toString());
    }

    @Test
    void create_whileTheWorkGoesOn_asksAgain() {
        daemon.on("POST /v1/volumes", 423, "{\"status\":423,\"error\":\"still being made\"}")
                .on("POST /v1/volumes", 200, PLAIN);
        assertEquals(0, run("create", "a", "--json"));
        assertEquals(2, daemon.asked.size());
        assertEquals("a", json().path("name").asString());
        assertTrue(json().path("used").isNull());
    }

    @Test
    void refusal_isASentenceAndStatusOne() {
        daemon.on("POST /v1/volumes", 400, "{\"status\":400,\"error\":\"unknown option 'sise'; did you mean size?\"}");
        assertEquals(1, run("create", "a", "-o", "sise=1G"));
        assertEquals("", out.toString());
        assertEquals("cairn volume create: unknown option 'sise'; did you mean size?\n", err.toString());
    }

    @Test
    void clone_isACreationFromAnother() {
        daemon.on("POST /v1/volumes", 200, PLAIN);
        assertEquals(0, run("clone", "b@s", "a"));
        assertTrue(daemon.asked.getFirst().contains("\"from\":\"b@s\""), daemon.asked.getFirst());
    }

    @Test
    void ls_printsColumnsOrJson() {
        daemon.on("GET /v1/volumes", 200, "[" + PLAIN + "]");
        assertEquals(0, run("ls"));
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.getFirst().startsWith("NAME  CLASS  KIND  SIZE"), lines.getFirst());
        assertTrue(lines.get(1).startsWith("a     hot    ext4  10.0 GiB  -"), lines.get(1));
        out.getBuffer().setLength(0);
        assertEquals(0, run("ls", "--json"));
        assertEquals(10737418240L, json().get(0).path("size").asLong());
    }

    @Test
    void inspect_showsEveryField() {
        daemon.on("GET /v1/volumes/a", 200, PLAIN);
        assertEquals(0, run("inspect", "a"));
        for (String word : List.of("/p/mnt/1/data (not mounted)", "thin", "nobody", "last never", "ext4 noatime")) {
            assertTrue(out.toString().contains(word), out.toString());
        }
    }

    @Test
    void names_thatAreNone_areSentAsTheyAre() {
        assertEquals(1, run("inspect", "../a b?"));
        assertEquals(List.of("GET /v1/volumes/..%2Fa%20b%3F"), daemon.asked);
    }

    @Test
    void rm_goesOnAfterARefusal_andEndsWithOne() {
        daemon.on("DELETE /v1/volumes/a", 409, "{\"status\":409,\"error\":\"volume a is in use\"}")
                .on("DELETE /v1/volumes/b", 200, "{\"removed\":\"b\"}");
        assertEquals(1, run("rm", "a", "b"));
        assertEquals("b\n", out.toString());
        assertEquals("a: volume a is in use\n", err.toString());
    }

    @Test
    void rollback_withoutConfirmation_isAMistakeOfUse() {
        assertEquals(2, run("rollback", "a", "s"));
        assertEquals(List.of(), daemon.asked);
    }

    @Test
    void snapshots_areTakenListedAndRemoved() {
        String snapshot = "{\"name\":\"s\",\"created\":\"2026-11-22T12:00:00Z\",\"size\":1024,\"allocated\":0,"
                + "\"shared\":true,\"frozenMicros\":4200,\"warning\":null}";
        daemon.on("POST /v1/volumes/a/snapshots", 200, snapshot)
                .on("GET /v1/volumes/a/snapshots", 200, "[" + snapshot + "]")
                .on("DELETE /v1/volumes/a/snapshots/s", 200, snapshot);
        assertEquals(0, run("snapshot", "create", "a", "s"));
        assertEquals(0, run("snapshot", "ls", "a"));
        assertEquals(0, run("snapshot", "rm", "a", "s"));
        assertTrue(out.toString().startsWith("a@s: writers waited 4.2 ms\n"), out.toString());
        assertTrue(out.toString().contains("reflink"), out.toString());
        assertTrue(out.toString().endsWith("a@s\n"), out.toString());
    }

    @Test
    void keyExport_writesAFileOfTheOwnersAlone_andNeverOverAnother() throws Exception {
        daemon.on("POST /v1/keys/export", 200, "key bytes");
        Path file = directory.resolve("escrow");
        assertEquals(0, run("key", "export", file.toString()));
        assertArrayEquals("key bytes".getBytes(), Files.readAllBytes(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(!out.toString().contains("key bytes"));
        assertEquals(1, run("key", "export", file.toString()));
        assertTrue(err.toString().contains("is there already"), err.toString());
    }

    @Test
    void keyRotate_needsVolumesOrTheMaster() {
        daemon.on(
                        "POST /v1/keys/rotate",
                        200,
                        "{\"rotated\":3,\"remarks\":[\"exported copies of the old one are void\"]}")
                .on("POST /v1/volumes/a/rotate-key", 200, "{\"rotated\":1,\"remarks\":[]}");
        assertEquals(2, run("key", "rotate"));
        assertEquals(2, run("key", "rotate", "a", "--master"));
        assertEquals(0, run("key", "rotate", "a"));
        assertEquals(0, run("key", "rotate", "--master"));
        assertTrue(out.toString().contains("exported copies of the old one are void"), out.toString());
    }

    @Test
    void doctor_endsWithOne_whenSomethingIsBad() {
        String good = "{\"grade\":\"GOOD\",\"subject\":\"device-mapper\",\"text\":\"there\"}";
        String bad = "{\"grade\":\"BAD\",\"subject\":\"pool\",\"text\":\"gone\"}";
        daemon.on("GET /v1/doctor", 200, "[" + good + "]").on("GET /v1/doctor", 200, "[" + good + "," + bad + "]");
        assertEquals(0, run("doctor"));
        assertEquals(1, run("doctor"));
        assertTrue(out.toString().contains(" BAD   pool: gone\n"), out.toString());
    }

    @Test
    void noDaemon_isSaidWithTheNextStep() {
        daemon.close();
        assertEquals(1, run("ls"));
        assertTrue(err.toString().contains("no daemon answers at " + socket()), err.toString());
        assertTrue(err.toString().contains("cairn start --roles volumes"), err.toString());
    }
}

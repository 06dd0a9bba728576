package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three masters, lost with all its data, and brought back from its copies. */
@Tag("acceptance")
final class RedisClusterTest {
    private static final int MASTERS = 3;
    private static final int TAGS = 5;

    @TempDir
    Path root;

    private final List<RedisServer> servers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        RedisServer.requireInstalled();
        List<String> command = new ArrayList<>(List.of("/usr/bin/redis-cli", "--cluster", "create"));
        for (int i = 0; i < MASTERS; i++) {
            servers.add(node(root.resolve("node-" + i), RedisServer.freePort()));
            command.add("127.0.0.1:" + servers.getLast().port());
        }
        command.add("--cluster-yes");
        Shell.Ended ended = Shell.end(Duration.ofSeconds(60), Map.of(), command);
        assertEquals(0, ended.status(), ended::output);
        awaitWhole();
    }

    private static RedisServer node(Path directory, int port) {
        return RedisServer.start(
                directory, port, List.of(), "--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
    }

    private void awaitWhole() {
        for (RedisServer server : servers) {
            RedisServer.until(
                    "the cluster is whole", () -> server.run("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(RedisServer::close);
    }

    /** Keys made on each master for slots of its own: a script may only touch such. */
    private void fill() {
        for (RedisServer server : servers) {
            String range = server.run("CLUSTER", "NODES")
                    .lines()
                    .filter(line -> line.contains("myself"))
                    .map(line -> line.split(" ")[8])
                    .findFirst()
                    .orElseThrow();
            List<String> tags = new ArrayList<>();
            for (int i = 0; tags.size() < TAGS; i++) {
                if (owns(range, Integer.parseInt(server.run("CLUSTER", "KEYSLOT", "{" + i + "}")))) {
                    tags.add(String.valueOf(i));
                }
            }
            for (String tag : tags) {
                server.run(
                        "EVAL",
                        "for i = 1, tonumber(ARGV[1]) do redis.call('SET', KEYS[1] .. i, redis.sha1hex(i)) end "
                                + "redis.call('RPUSH', KEYS[1], 1, 2, 3)",
                        "1",
                        "{" + tag + "}",
                        String.valueOf(RedisBackupTest.KEYS / MASTERS / TAGS));
            }
        }
    }

    private static boolean owns(String range, int slot) {
        String[] ends = range.split("-");
        return slot >= Integer.parseInt(ends[0]) && slot <= Integer.parseInt(ends[1]);
    }

    @Test
    void cluster_lostWithAllItsData_isTheSameAfterItsReturn() throws IOException {
        fill();
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        ScratchRepository.Taken taken =
                repository.take(RedisBackupTest.source(servers.getFirst().url()));
        Map<String, String> facts = taken.cut().facts();
        assertEquals("3", facts.get("masters"));
        Map<Integer, String> digests = new TreeMap<>();
        Map<Integer, String> directories = new TreeMap<>();
        for (RedisServer server : servers) {
            digests.put(server.port(), server.digest());
            directories.put(
                    server.port(),
                    facts.keySet().stream()
                            .filter(name ->
                                    name.endsWith(".master") && facts.get(name).endsWith(":" + server.port()))
                            .findFirst()
                            .orElseThrow()
                            .replace(".master", ""));
        }
        String top = "/redis/127.0.0.1:" + servers.getFirst().port() + "/";
        stop();
        servers.clear();
        for (int port : digests.keySet()) {
            Path directory = Files.createDirectories(root.resolve("restored-" + port));
            for (String name : List.of("dump.rdb", "nodes.conf")) {
                repository.restore(taken.snapshot(), top + directories.get(port) + "/" + name, directory.resolve(name));
            }
            servers.add(node(directory, port));
        }
        awaitWhole();
        for (RedisServer server : servers) {
            assertEquals(digests.get(server.port()), server.digest(), () -> "of " + server.port());
            assertTrue(
                    server.run("CLUSTER", "INFO").contains("cluster_slots_ok:16384"),
                    () -> server.run("CLUSTER", "NODES"));
        }
    }

    @Test
    void cluster_thatIsMovingSlots_isRefused() {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        String other = servers.get(1).run("CLUSTER", "MYID");
        servers.getFirst().run("CLUSTER", "SETSLOT", "0", "MIGRATING", other);
        SourceFault fault = assertThrows(
                SourceFault.Unreachable.class,
                () -> repository.take(RedisBackupTest.source(servers.get(2).url())));
        assertTrue(String.valueOf(fault.getMessage()).contains("moving slots"), fault::getMessage);
        assertEquals(0, repository.snapshots());
    }
}

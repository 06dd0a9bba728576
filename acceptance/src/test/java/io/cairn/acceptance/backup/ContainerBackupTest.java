package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.volumes.Engine;
import io.cairn.backup.SourceFault;
import io.cairn.backup.dump.DumpSource;
import io.cairn.base.Clock;
import io.cairn.containers.Container;
import io.cairn.containers.ContainerFault;
import io.cairn.containers.Exec;
import io.cairn.containers.ExecStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases in containers of a real Docker Engine, with a network that this machine reaches and with none. */
@Tag("acceptance")
final class ContainerBackupTest {
    @TempDir
    static Path root;

    private static Engine docker;

    @BeforeAll
    static void start() {
        RedisServer.requireInstalled();
        docker = Engine.start(root.resolve("engine"));
    }

    @AfterAll
    static void stop() {
        if (docker != null) {
            docker.close();
        }
    }

    private static void container(String name, String network, String... command) {
        List<String> words = new ArrayList<>(
                List.of("run", "--detach", "--name", name, "--network", network, "-v", "/usr:/usr:ro", Engine.IMAGE));
        words.addAll(List.of(command));
        String _ = docker.run(words.toArray(String[]::new));
    }

    private static io.cairn.containers.Engine engine() {
        return io.cairn.containers.Engine.at(docker.socket());
    }

    private static String printed(String name, String... command) {
        try (ExecStream stream = engine().exec(name, Exec.of(List.of(command)))) {
            return new String(stream.out().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException fault) {
            throw new AssertionError(fault);
        }
    }

    @Test
    void program_inAContainer_isHeardWithoutATerminal() throws IOException {
        container("plain", "none", "/bin/sh", "-c", "exec sleep 10000");
        Container plain = engine().inspect("plain");
        assertTrue(plain.running());
        assertEquals(List.of(), plain.addresses());
        assertTrue(engine().list().contains(plain));
        String script = "head -c 3000000 /dev/zero; echo \"$WORD\" >&2; exit 7";
        try (ExecStream stream = engine().exec(
                        "plain",
                        new Exec(List.of("/bin/sh", "-c", script), Map.of("WORD", "heard"), Optional.of("1000")))) {
            assertEquals(3_000_000, stream.out().readAllBytes().length, "no byte is changed by a terminal");
            assertEquals("heard", stream.errors());
            assertEquals(7, stream.status());
        }
        assertThrows(ContainerFault.class, () -> printed("nobody", "true"));
        engine().stop("plain", Duration.ZERO);
        assertFalse(engine().inspect("plain").running());
        ContainerFault stopped = assertThrows(ContainerFault.class, () -> printed("plain", "true"));
        assertTrue(String.valueOf(stopped.getMessage()).contains("not running"), stopped::getMessage);
        engine().start("plain");
        assertTrue(engine().inspect("plain").running());
    }

    @Test
    void redis_inAContainer_isCopiedByItsNetworkOrFromWithin() throws IOException {
        int port = RedisServer.freePort();
        String[] server = {
            "/usr/bin/redis-server",
            "--port",
            String.valueOf(port),
            "--save",
            "",
            "--dir",
            "/tmp",
            "--bind",
            "127.0.0.1",
            "--requirepass",
            "kept",
            "--repl-diskless-sync-delay",
            "0"
        };
        container("near", "host", server);
        container("far", "none", server);
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        for (String name : List.of("near", "far")) {
            RedisServer.until(
                    "Redis answers in the container",
                    () -> printed(name, "redis-cli", "-p", String.valueOf(port), "-a", "kept", "PING")
                            .contains("PONG"));
            String _ = printed(
                    name,
                    "redis-cli",
                    "-p",
                    String.valueOf(port),
                    "-a",
                    "kept",
                    "EVAL",
                    SampleKeys.SCRIPT,
                    "0",
                    "2000");
            String url = "redis://localhost:" + port + "?container=" + name + "&docker=" + docker.socket();
            ScratchRepository.Taken taken = repository.take(RedisBackupTest.source(url, "kept"));
            Map<String, String> facts = taken.cut().facts();
            assertEquals(name.equals("far"), facts.get("server").contains("redis-cli"), facts::toString);
            assertEquals("1 keys", facts.get("db3"), facts::toString);
            assertEquals("right", facts.get("checksum"), facts::toString);
            Path restored = Files.createDirectories(root.resolve("restored-" + name));
            repository.restore(taken.snapshot(), "/redis/" + name + "/dump.rdb", restored.resolve("dump.rdb"));
            try (RedisServer back = RedisServer.start(restored)) {
                assertEquals(
                        printed(name, "redis-cli", "-p", String.valueOf(port), "-a", "kept", "DBSIZE")
                                .strip(),
                        back.run("DBSIZE"));
                assertEquals("in another database", back.run("-n", "3", "GET", "elsewhere"));
            }
            SourceFault refused = assertThrows(
                    SourceFault.Refused.class, () -> repository.take(RedisBackupTest.source(url, "wrong-word")));
            assertTrue(String.valueOf(refused.getMessage()).contains("with this password"), refused::getMessage);
        }
        assertEquals(2, repository.snapshots());
    }

    @Test
    void postgres_inAContainer_isDumpedByItsOwnProgram() throws IOException {
        try (DumpedServer server = DumpedServer.start(root.resolve("postgres"))) {
            server.sql("postgres", "CREATE TABLE kept AS SELECT i FROM generate_series(1, 5000) i");
            String _ = docker.run(
                    "run",
                    "--detach",
                    "--name",
                    "bare",
                    "--network",
                    "none",
                    "-e",
                    "PATH=/bin",
                    Engine.IMAGE,
                    "/bin/sh",
                    "-c",
                    "exec sleep 10000");
            // No network at all: only the socket reaches the server.
            String directory = server.directory().toString();
            String _ = docker.run(
                    "run",
                    "--detach",
                    "--name",
                    "beside",
                    "--network",
                    "none",
                    "-v",
                    "/usr:/usr:ro",
                    "-v",
                    directory + ":" + directory,
                    "-e",
                    "PATH=" + DumpedServer.PROGRAMS + ":/bin",
                    Engine.IMAGE,
                    "/bin/sh",
                    "-c",
                    "exec sleep 10000");
            ScratchRepository repository = new ScratchRepository(root.resolve("dumps"));
            ScratchRepository.Taken taken = repository.take(dump(server, "beside"));
            Map<String, String> facts = taken.cut().facts();
            assertEquals("the container beside", facts.get("programs"), facts::toString);
            Path dump = root.resolve("kept.dump");
            repository.restore(taken.snapshot(), "/postgres-dump/postgres@beside/postgres.dump", dump);
            server.sql("postgres", "ALTER TABLE kept RENAME TO lost");
            assertEquals(
                    0,
                    server.program("pg_restore", "-d", "postgres", dump.toString())
                            .status());
            assertEquals("5000", server.sql("postgres", "SELECT count(*) FROM kept"));
            SourceFault fault = assertThrows(SourceFault.class, () -> repository.take(dump(server, "bare")));
            assertTrue(
                    String.valueOf(fault.getMessage()).contains("neither a pg_dump nor a network"), fault::getMessage);
            assertEquals(1, repository.snapshots());
        }
    }

    private static DumpSource dump(DumpedServer server, String name) {
        URI uri = URI.create("postgres-dump://boss@localhost:" + server.port() + "/postgres?container=" + name
                + "&docker=" + docker.socket() + "&host=" + server.directory());
        return DumpSource.open(uri, () -> Optional.of(DumpedServer.PASSWORD), Clock.system());
    }
}

package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.CairnProgram;
import io.cairn.acceptance.Shell;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.redis.RedisSource;
import io.cairn.base.Clock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a real Redis, loaded into an empty one. {@code -Dcairn.redis.keys=1000000} tests the whole bar. */
@Tag("acceptance")
final class RedisBackupTest {
    static final int KEYS = Integer.getInteger("cairn.redis.keys", 50_000);

    @TempDir
    Path root;

    @BeforeAll
    static void requireRedis() {
        RedisServer.requireInstalled();
    }

    static Source source(String url, String password) {
        return RedisSource.open(URI.create(url), () -> Optional.of(password), Clock.system());
    }

    static Source source(String url) {
        return RedisSource.open(URI.create(url), Optional::empty, Clock.system());
    }

    /** Every type that Redis 7 has, in each of its shapes, in two databases, some with an expiry. */
    static void fill(RedisServer server) {
        server.run("EVAL", SampleKeys.SCRIPT, "0", String.valueOf(KEYS));
        server.run("FUNCTION", "LOAD", "#!lua name=kept\nredis.register_function('f', function() return 1 end)");
    }

    private RedisServer restored(ScratchRepository repository, String snapshot, String path) throws IOException {
        Path directory = Files.createDirectories(root.resolve("restored"));
        repository.restore(snapshot, path, directory.resolve("dump.rdb"));
        return RedisServer.start(directory);
    }

    @Test
    void server_withEveryType_isTheSameAfterItsReturn() throws IOException {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        try (RedisServer server = RedisServer.start(root.resolve("server"))) {
            fill(server);
            String digest = server.digest();
            ScratchRepository.Taken taken = repository.take(source(server.url()));
            Map<String, String> facts = taken.cut().facts();
            assertFalse(Files.exists(server.directory().resolve("dump.rdb")), "the server wrote to its disk");
            assertEquals("right", facts.get("checksum"), facts::toString);
            assertEquals("from memory", facts.get("sent"), facts::toString);
            assertEquals(server.run("DBSIZE") + " keys", facts.get("db0"), facts::toString);
            assertEquals("1 keys", facts.get("db3"), facts::toString);
            assertEquals("1", facts.get("function-libraries"), facts::toString);
            assertEquals("7.", facts.get("version").substring(0, 2));
            String path = "/redis/127.0.0.1:" + server.port() + "/dump.rdb";
            try (RedisServer back = restored(repository, taken.snapshot(), path)) {
                assertEquals(digest, back.digest());
                assertTrue(back.run("FUNCTION", "LIST").contains("kept"));
                back.run("DEL", "string:1");
                assertNotEquals(digest, back.digest(), "the comparison sees a missing key");
            }
        }
    }

    @Test
    void server_thatIsWrittenTo_givesACopyOfOneMoment() throws IOException {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        try (RedisServer server = RedisServer.start(root.resolve("server"))) {
            fill(server);
            Process load = new ProcessBuilder(
                            "/usr/bin/redis-benchmark",
                            "-p",
                            String.valueOf(server.port()),
                            "-n",
                            "100000000",
                            "-r",
                            "1000",
                            "-q",
                            "EVAL",
                            "redis.call('INCR','first') redis.call('SET','k'..ARGV[1],1) redis.call('INCR','second')",
                            "0",
                            "__rand_int__")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ScratchRepository.Taken taken;
            try {
                RedisServer.until(
                        "there are writes", () -> server.run("EXISTS", "second").equals("1"));
                taken = repository.take(source(server.url()));
            } finally {
                load.destroy();
            }
            String path = "/redis/127.0.0.1:" + server.port() + "/dump.rdb";
            try (RedisServer back = restored(repository, taken.snapshot(), path)) {
                assertEquals(back.run("GET", "first"), back.run("GET", "second"), "scripts are whole or not there");
                assertEquals(back.run("DBSIZE") + " keys", taken.cut().facts().get("db0"));
                assertTrue(Long.parseLong(server.run("GET", "first")) >= Long.parseLong(back.run("GET", "first")));
            }
        }
    }

    @Test
    void replica_thatIsHealthy_forksInsteadOfItsMaster() throws IOException {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        try (RedisServer master = RedisServer.start(root.resolve("master"));
                RedisServer replica =
                        RedisServer.start(root.resolve("replica"), "--replicaof", "127.0.0.1 " + master.port())) {
            master.run("SET", "one", "1");
            RedisServer.until(
                    "the replica is online",
                    () -> master.run("INFO", "replication").contains("state=online"));
            master.run("SET", "two", "2");
            ScratchRepository.Taken taken = repository.take(source(master.url()));
            Map<String, String> facts = taken.cut().facts();
            assertEquals("127.0.0.1:" + replica.port(), facts.get("server"), facts::toString);
            assertEquals("2", facts.get("keys"), "all that was acknowledged before the run is in it");
            Map<String, String> spared = repository
                    .take(source(master.url() + "?replicas=never"))
                    .cut()
                    .facts();
            assertEquals("127.0.0.1:" + master.port(), spared.get("server"), spared::toString);
        }
    }

    @Test
    void replica_withoutItsMaster_isRefusedInASentence() {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        try (RedisServer replica =
                RedisServer.start(root.resolve("replica"), "--replicaof", "127.0.0.1 " + RedisServer.freePort())) {
            SourceFault fault = assertThrows(SourceFault.class, () -> repository.take(source(replica.url())));
            assertTrue(String.valueOf(fault.getMessage()).contains("lost its master"), fault::getMessage);
            assertEquals(0, repository.snapshots());
        }
    }

    @Test
    void users_withAndWithoutRights_getCopiesAndSentences() throws IOException {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        String secret = "kept-to-ourselves";
        Path users = Files.writeString(
                root.resolve("users"),
                String.join(
                        "\n",
                        "user boss on >boss-word ~* &* +@all",
                        "user default on >" + secret + " -@all +info",
                        "user cairn on >" + secret + " " + RedisSource.GRANT,
                        ""));
        try (RedisServer server = RedisServer.start(
                root.resolve("server"),
                RedisServer.freePort(),
                List.of("--no-auth-warning", "--user", "boss", "--pass", "boss-word"),
                "--aclfile",
                users.toString())) {
            String address = "127.0.0.1:" + server.port();
            server.run("SET", "one", "1");
            Map<String, Source> refused = Map.of(
                    "wants a password", source("redis://" + address),
                    "does not know this user", source("redis://cairn@" + address, "wrong-" + secret),
                    "does not let this user run PING; grant", source("redis://" + address, secret));
            refused.forEach((expected, source) -> {
                SourceFault fault = assertThrows(SourceFault.Refused.class, () -> repository.take(source));
                assertTrue(String.valueOf(fault.getMessage()).contains(expected), fault::getMessage);
                assertFalse(String.valueOf(fault.getMessage()).contains(secret), fault::getMessage);
            });
            assertEquals(0, repository.snapshots());
            Map<String, String> facts = repository
                    .take(source("redis://cairn@" + address, secret))
                    .cut()
                    .facts();
            assertEquals("1", facts.get("keys"));
            assertFalse(facts.toString().contains(secret));
        }
    }

    @Test
    void server_killedHalfWay_leavesNoSnapshot() {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        // A child that sends slowly is still sending when its parent dies.
        try (RedisServer server = RedisServer.start(root.resolve("server"), "--rdb-key-save-delay", "2000")) {
            fill(server);
            Thread killer = Thread.startVirtualThread(() -> {
                RedisServer.until(
                        "the copy is under way",
                        () -> server.run("INFO", "persistence").contains("current_save_keys_processed:")
                                && !server.run("INFO", "persistence").contains("current_save_keys_processed:0"));
                server.process().destroyForcibly();
            });
            SourceFault fault =
                    assertThrows(SourceFault.Unreachable.class, () -> repository.take(source(server.url())));
            assertTrue(String.valueOf(fault.getMessage()).contains("127.0.0.1"), fault::getMessage);
            assertEquals(0, repository.snapshots());
            assertFalse(killer.isInterrupted());
        }
    }

    @Test
    void tls_withOurAuthority_isSpokenAndWithoutItRefused() throws IOException {
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        Path key = root.resolve("key.pem");
        Path certificate = root.resolve("certificate.pem");
        String _ = Shell.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString(),
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1");
        int port = RedisServer.freePort();
        Path socket = root.resolve("socket");
        try (RedisServer server = RedisServer.start(
                root.resolve("server"),
                port,
                List.of(),
                "--tls-port",
                String.valueOf(port + 10_000),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-ca-cert-file",
                certificate.toString(),
                "--tls-auth-clients",
                "no",
                "--unixsocket",
                socket.toString())) {
            server.run("SET", "one", "1");
            String url = "rediss://localhost:" + (port + 10_000);
            assertEquals(
                    "1",
                    repository
                            .take(source(url + "?ca=" + certificate))
                            .cut()
                            .facts()
                            .get("keys"));
            SourceFault fault = assertThrows(SourceFault.class, () -> repository.take(source(url)));
            assertTrue(String.valueOf(fault.getMessage()).contains("?ca=FILE"), fault::getMessage);
            assertEquals(
                    "1",
                    repository
                            .take(source("redis+unix://" + socket))
                            .cut()
                            .facts()
                            .get("keys"));
        }
    }

    private Shell.Ended cairn(String... words) {
        List<String> command = new ArrayList<>(CairnProgram.command());
        command.addAll(List.of(words));
        Path password = root.resolve("repository-password");
        return Shell.end(
                Duration.ofSeconds(120),
                Map.of(
                        "CAIRN_REPO",
                        root.resolve("repository").toString(),
                        "CAIRN_REPO_PASSWORD_FILE",
                        password.toString()),
                command);
    }

    @Test
    void commandLine_inOneLine_copiesAndRestores() throws IOException {
        Files.writeString(root.resolve("repository-password"), "of the repository");
        Path password = Files.writeString(root.resolve("redis-password"), "kept-to-ourselves\n");
        int port = RedisServer.freePort();
        try (RedisServer server = RedisServer.start(
                root.resolve("server"),
                port,
                List.of("--no-auth-warning", "-a", "kept-to-ourselves"),
                "--requirepass",
                "kept-to-ourselves")) {
            server.run("SET", "one", "1");
            StringBuilder said = new StringBuilder();
            for (List<String> words : List.of(
                    List.of("repo", "init"),
                    List.of("backup", "run", "--source", server.url() + "?password-file=" + password),
                    List.of("backup", "ls", "--json"),
                    List.of(
                            "backup",
                            "restore",
                            "latest",
                            "--target",
                            root.resolve("out").toString()))) {
                Shell.Ended ended = cairn(words.toArray(String[]::new));
                assertEquals(0, ended.status(), () -> words + ": " + ended.output());
                said.append(ended.output());
            }
            assertFalse(said.toString().contains("kept-to-ourselves"), said::toString);
            Shell.Ended refused = cairn("backup", "run", "--source", "redis://:kept-to-ourselves@127.0.0.1:" + port);
            assertNotEquals(0, refused.status());
            assertFalse(refused.output().contains("kept-to-ourselves"), refused::output);
            try (Stream<Path> files = Files.walk(root.resolve("out"))) {
                Path dump = files.filter(file -> file.endsWith("dump.rdb"))
                        .findFirst()
                        .orElseThrow();
                try (RedisServer back = RedisServer.start(dump.getParent())) {
                    assertEquals("1", back.run("GET", "one"));
                }
            }
        }
    }
}

package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.dump.DumpSource;
import io.cairn.base.Clock;
import io.cairn.repository.Progress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of a real PostgreSQL, restored by its own programs. */
@Tag("acceptance")
final class DumpBackupTest {
    private static final String SUMS = """
            SELECT (SELECT count(*) FROM orders), (SELECT sum(amount) FROM orders),
              (SELECT md5(string_agg(id || note, ',' ORDER BY id)) FROM orders),
              (SELECT count(*) FROM pg_class WHERE relname IN ('orders_note', 'big')),
              (SELECT md5(string_agg(encode(lo_get(oid), 'hex'), '')) FROM pg_largeobject_metadata),
              (SELECT twice(21))
            """;

    @TempDir
    static Path root;

    private static DumpedServer server;
    private static int repositories;

    @BeforeAll
    static void start() {
        server = DumpedServer.start(root.resolve("server"));
        server.sql("postgres", "CREATE DATABASE shop");
        server.sql("shop", """
                CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric, note text);
                INSERT INTO orders SELECT i, i * 1.01, 'note ' || md5(i::text) FROM generate_series(1, 100000) i;
                CREATE INDEX orders_note ON orders (note);
                CREATE VIEW big AS SELECT * FROM orders WHERE amount > 1000;
                CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1';
                """);
        server.sql("shop", "SELECT lo_from_bytea(0, decode(repeat('00ff10', 100000), 'hex'))");
        server.sql(
                "shop",
                "CREATE ROLE clerk LOGIN PASSWORD 'clerk-word'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk");
        // To read all data is not to read large objects.
        server.sql("shop", "ALTER DATABASE shop SET lo_compat_privileges = on");
        server.sql("shop", "CREATE ROLE guest LOGIN PASSWORD 'guest-word'");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static ScratchRepository repository() {
        return new ScratchRepository(root.resolve("repository-" + repositories++));
    }

    private static Source source(String user, String password, String options) {
        URI uri = URI.create("postgres-dump://" + user + "@127.0.0.1:" + server.port() + "/shop" + options);
        return DumpSource.open(uri, () -> Optional.of(password), Clock.system());
    }

    @Test
    void database_withEverything_isTheSameAfterItsReturn() {
        ScratchRepository repository = repository();
        ScratchRepository.Taken taken = repository.take(source("boss", DumpedServer.PASSWORD, ""));
        Map<String, String> facts = taken.cut().facts();
        assertEquals("/usr/lib/postgresql/15/bin", facts.get("programs"));
        assertTrue(facts.get("version").startsWith("15."), facts::toString);
        assertEquals("by pg_restore, to the end", facts.get("read-back"));
        assertEquals("roles and tablespaces", facts.get("globals"));
        assertFalse(facts.toString().contains(DumpedServer.PASSWORD));
        String top = "/postgres-dump/shop@127.0.0.1:" + server.port() + "/";
        Path dump = root.resolve("shop.dump");
        Path globals = root.resolve("globals.sql");
        repository.restore(taken.snapshot(), top + "shop.dump", dump);
        repository.restore(taken.snapshot(), top + "globals.sql", globals);
        try (DumpedServer other = DumpedServer.start(root.resolve("other"))) {
            // The first user is there already, which psql says and goes on.
            Shell.Ended _ = other.program("psql", "-X", "-d", "postgres", "-f", globals.toString());
            other.sql("postgres", "CREATE DATABASE shop");
            Shell.Ended restored =
                    other.program("pg_restore", "--exit-on-error", "--jobs=2", "-d", "shop", dump.toString());
            assertEquals(0, restored.status(), restored::output);
            assertEquals(server.sql("shop", SUMS), other.sql("shop", SUMS));
            assertEquals("1", other.sql("shop", "SELECT count(*) FROM pg_roles WHERE rolname = 'clerk'"));
            other.sql("shop", "UPDATE orders SET amount = 0 WHERE id = 7");
            assertFalse(server.sql("shop", SUMS).equals(other.sql("shop", SUMS)), "the comparison sees one row");
        }
        ScratchRepository.Taken again = repository.take(source("boss", DumpedServer.PASSWORD, ""));
        long stored = again.result().storedBytes();
        assertTrue(stored * 2 < taken.result().storedBytes(), () -> taken.result() + " and again " + again.result());
    }

    @Test
    void users_withLessRights_getWhatTheyMayAndSentences() {
        ScratchRepository repository = repository();
        Map<String, String> facts =
                repository.take(source("clerk", "clerk-word", "")).cut().facts();
        assertTrue(facts.get("globals").contains("without passwords"), facts::toString);
        Map<Source, String> refused = Map.of(
                source("guest", "guest-word", ""), "GRANT pg_read_all_data",
                source("boss", "wrong-word", ""), "password-file=FILE",
                DumpSource.open(
                                URI.create("postgres-dump://boss@127.0.0.1:" + server.port() + "/nothing"),
                                () -> Optional.of(DumpedServer.PASSWORD),
                                Clock.system()),
                        "name of the database",
                DumpSource.open(
                                URI.create("postgres-dump://boss@127.0.0.1:" + RedisServer.freePort() + "/shop"),
                                () -> Optional.of(DumpedServer.PASSWORD),
                                Clock.system()),
                        "check that the server runs");
        refused.forEach((source, expected) -> {
            SourceFault fault = assertThrows(SourceFault.class, () -> repository.take(source), expected);
            String message = String.valueOf(fault.getMessage());
            assertTrue(message.contains(expected), message);
            for (String secret : List.of("guest-word", "wrong-word", DumpedServer.PASSWORD)) {
                assertFalse(message.contains(secret), message);
            }
        });
        assertEquals(1, repository.snapshots());
    }

    @Test
    void dump_killedHalfWay_leavesNoSnapshot() {
        ScratchRepository repository = repository();
        try (DumpedServer mortal = DumpedServer.start(root.resolve("mortal"))) {
            // More than all buffers on the way hold.
            mortal.sql(
                    "postgres", "CREATE TABLE a AS SELECT repeat(md5(i::text), 30) FROM generate_series(1, 100000) i");
            AtomicBoolean killed = new AtomicBoolean();
            Progress killer = new Progress() {
                @Override
                public void done(long bytes) {
                    if (killed.compareAndSet(false, true)) {
                        mortal.kill();
                    }
                }
            };
            URI uri = URI.create("postgres-dump://boss@127.0.0.1:" + mortal.port() + "/postgres");
            SourceFault fault = assertThrows(
                    SourceFault.class,
                    () -> repository.take(
                            DumpSource.open(uri, () -> Optional.of(DumpedServer.PASSWORD), Clock.system()), killer));
            assertTrue(killed.get());
            assertTrue(String.valueOf(fault.getMessage()).contains("ended with status"), fault::getMessage);
            assertEquals(0, repository.snapshots());
        }
    }

    @Test
    void table_thatIsLocked_isWaitedForOnlySoLong() {
        ScratchRepository repository = repository();
        Thread holder = Thread.startVirtualThread(() -> server.sql(
                "shop",
                "BEGIN; CREATE TABLE IF NOT EXISTS locked (a int); COMMIT;"
                        + " BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE;"
                        + " SELECT pg_sleep(20); DROP TABLE locked; COMMIT"));
        RedisServer.until(
                "the table is locked",
                () -> server.sql(
                                "shop",
                                "SELECT count(*) FROM pg_locks WHERE relation = to_regclass('locked')"
                                        + " AND mode = 'AccessExclusiveLock' AND granted")
                        .equals("1"));
        SourceFault fault = assertThrows(
                SourceFault.Unreachable.class,
                () -> repository.take(source("boss", DumpedServer.PASSWORD, "?lock-wait=1")));
        assertTrue(String.valueOf(fault.getMessage()).contains("lock-wait"), fault::getMessage);
        server.sql(
                "shop",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'"
                        + " AND pid <> pg_backend_pid()");
        assertFalse(holder.isInterrupted());
    }
}

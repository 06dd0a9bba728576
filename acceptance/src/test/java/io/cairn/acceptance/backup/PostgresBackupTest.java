package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import io.cairn.backup.SourceFault;
import io.cairn.backup.postgres.BaseSnapshot;
import io.cairn.backup.postgres.PostgresAddress;
import io.cairn.backup.postgres.WalEvents;
import io.cairn.backup.postgres.WalReceiver;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Debian's PostgreSQL 15 under load, killed, its data deleted, and brought back. {@code -Dcairn.postgres.scale=50
 * -Dcairn.postgres.seconds=60} makes it larger.
 */
@Tag("acceptance")
final class PostgresBackupTest {
    private static final String SCALE = System.getProperty("cairn.postgres.scale", "1");
    private static final String SECONDS = System.getProperty("cairn.postgres.seconds", "2");
    private static final String BALANCES =
            "SELECT (SELECT count(*) FROM pgbench_history), (SELECT sum(delta) FROM pgbench_history) = ALL (ARRAY["
                    + "(SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(tbalance) FROM pgbench_tellers),"
                    + " (SELECT sum(bbalance) FROM pgbench_branches)])";

    private Path scratch = Path.of("");
    private final List<PostgresServer> servers = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void require() throws IOException {
        PostgresServer.requireInstalled();
        scratch = PostgresServer.scratch();
    }

    @AfterEach
    void clean() {
        processes.forEach(Process::destroyForcibly);
        servers.forEach(PostgresServer::close);
        if (!scratch.toString().isEmpty()) {
            Shell.removeTree(scratch);
        }
    }

    private PostgresServer server(PostgresServer server) {
        servers.add(server);
        return server;
    }

    private Process start(List<String> command, Path output) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(PostgresServer.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        processes.add(process);
        return process;
    }

    /** Starts the receiver, and waits for its base backup. */
    private Process receive(InstalledCairn cairn, PostgresServer server, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("backup", "wal", "--source", server.source()));
        words.addAll(List.of(more));
        Path output = scratch.resolve("wal.out");
        Process receiver = start(cairn.command(words.toArray(String[]::new)), output);
        PostgresServer.Waiting.until("a base backup was taken", () -> {
            String said = read(output);
            if (!receiver.isAlive()) {
                throw new AssertionError("the receiver ended: " + said);
            }
            return said.contains("is in the repository");
        });
        return receiver;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException(fault);
        }
    }

    /** Starts transactions, each of which is written down when the server has acknowledged it. */
    private Process load(PostgresServer server) throws IOException {
        return start(
                server.client(
                        "pgbench",
                        "-n",
                        "-c",
                        "4",
                        "-j",
                        "1",
                        "-T",
                        "60",
                        "--log",
                        "--log-prefix=acknowledged",
                        "postgres"),
                scratch.resolve("pgbench.out"));
    }

    private long acknowledged() throws IOException {
        long count = 0;
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path file : files.filter(f -> String.valueOf(f.getFileName()).startsWith("acknowledged"))
                    .toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    count += lines.count();
                }
            }
        }
        return count;
    }

    private static long transactions(PostgresServer server) {
        String[] answer = server.sql(BALANCES).split("\\|");
        assertEquals("t", answer[1], "balances differ");
        return Long.parseLong(answer[0]);
    }

    /** The machine is lost: its processes, then its disk. */
    private void lose(PostgresServer server, Process load, Process receiver) throws Exception {
        server.kill();
        Shell.removeTree(server.data());
        assertTrue(load.waitFor(60, TimeUnit.SECONDS), "pgbench ends when its server does");
        receiver.destroy();
        assertTrue(receiver.waitFor(60, TimeUnit.SECONDS), "the receiver ends when it is told to");
    }

    private PostgresServer restored(InstalledCairn cairn, String name, String... more) throws IOException {
        Path target = scratch.resolve(name);
        List<String> words = new ArrayList<>(List.of("backup", "restore", base(cairn), "--target", target.toString()));
        words.addAll(List.of(more));
        String said = cairn.succeed(words.toArray(String[]::new));
        assertTrue(said.contains("pg_ctl"), said);
        cairn.give("postgres");
        Shell.run("chown", "-R", "postgres:", target.toString());
        return server(PostgresServer.start(scratch, target));
    }

    /** The base backup that the receiver took. */
    private static String base(InstalledCairn cairn) throws IOException {
        Repository repository = cairn.open();
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            return repository.snapshots().stream()
                    .filter(snapshot -> BaseSnapshot.of(reader, snapshot).isPresent())
                    .map(snapshot -> snapshot.id().toString())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private PostgresServer loaded(String... settings) throws IOException {
        PostgresServer server = server(PostgresServer.make(scratch, settings));
        server.succeed("pgbench", "-i", "-q", "-s", SCALE, "postgres");
        server.sql("CREATE EXTENSION amcheck; CREATE TABLE marks(name text)");
        return server;
    }

    @Test
    void lostServer_underLoad_comesBackToTheLastByteAndToAChosenSecond() throws Exception {
        PostgresServer server = loaded();
        InstalledCairn cairn = InstalledCairn.in(scratch);
        Process receiver = receive(cairn, server);
        Process load = load(server);
        TimeUnit.SECONDS.sleep(Long.parseLong(SECONDS));
        server.sql("INSERT INTO marks VALUES ('before')");
        String time = server.sql("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS')")
                + "Z";
        server.sql("SELECT pg_sleep(0.1); INSERT INTO marks VALUES ('after')");
        long before = Long.parseLong(server.sql("SELECT count(*) FROM pgbench_history"));
        String place = server.sql("SELECT pg_current_wal_flush_lsn()");
        server.until(
                "the receiver has what was counted",
                () -> server.sql("SELECT coalesce(bool_or(flush_lsn >= '" + place
                                + "'), false) FROM pg_stat_replication")
                        .equals("t"));
        lose(server, load, receiver);

        PostgresServer last = restored(cairn, "last");
        long acknowledged = acknowledged();
        long found = transactions(last);
        System.out.println("acknowledged commits lost without --synchronous: " + Math.max(0, acknowledged - found)
                + " of " + acknowledged);
        assertTrue(found >= before, "what the receiver had acknowledged is there: " + found + " of " + before);
        assertEquals("2", last.sql("SELECT count(*) FROM marks"));
        last.succeed("pg_amcheck", "--heapallindexed", "-d", "postgres");
        last.close();

        PostgresServer then = restored(cairn, "then", "--to-time", time);
        assertEquals("before", then.sql("SELECT name FROM marks"));
        assertTrue(transactions(then) <= found);
        then.close();

        assertNoSecrets(cairn);
        assertGapIsReported(cairn);
    }

    private void assertNoSecrets(InstalledCairn cairn) throws IOException {
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".out")).toList()) {
                assertFalse(Files.readString(file).contains(PostgresServer.PASSWORD), file.toString());
            }
        }
        assertFalse(cairn.succeed("backup", "ls", "--json").contains(PostgresServer.PASSWORD));
    }

    /** Whoever takes WAL out of the archive is found out before anything is restored. */
    private void assertGapIsReported(InstalledCairn cairn) throws IOException {
        Path area = cairn.repository().resolve("cairn/wal");
        try (Stream<Path> files = Files.list(area)) {
            List<Path> pieces = files.filter(file -> file.toString().contains("-p-"))
                    .sorted()
                    .toList();
            assertTrue(pieces.size() > 2, "there are pieces to take one from");
            Files.delete(pieces.get(pieces.size() - 2));
        }
        Shell.Ended ended = cairn.end(
                "backup",
                "restore",
                base(cairn),
                "--target",
                scratch.resolve("gap").toString());
        assertNotEquals(0, ended.status());
        assertTrue(
                ended.output().matches("(?s).*gap: WAL from [0-9A-F]+/[0-9A-F]+ to [0-9A-F]+/[0-9A-F]+.*"),
                ended.output());
        assertFalse(Files.exists(scratch.resolve("gap/PG_VERSION")), "nothing was restored");
    }

    @Test
    void lostServer_thatWaitedForTheReceiver_losesNoAcknowledgedCommit() throws Exception {
        PostgresServer server = loaded("max_replication_slots = 2");
        InstalledCairn cairn = InstalledCairn.in(scratch);
        assertRefusalsAreSentences(cairn, server);
        Process receiver = receive(cairn, server, "--synchronous");
        server.sql("ALTER SYSTEM SET synchronous_standby_names = 'cairn'");
        server.sql("SELECT pg_reload_conf()");
        server.until(
                "commits wait for the receiver",
                () -> server.sql("SELECT sync_state FROM pg_stat_replication" + " WHERE application_name = 'cairn'")
                        .equals("sync"));
        Process load = load(server);
        TimeUnit.SECONDS.sleep(Long.parseLong(SECONDS));
        lose(server, load, receiver);

        PostgresServer last = restored(cairn, "last");
        long acknowledged = acknowledged();
        assertTrue(acknowledged > 0, "transactions were acknowledged");
        long found = transactions(last);
        assertTrue(found >= acknowledged, "of " + acknowledged + " acknowledged commits " + found + " are there");
    }

    private void assertRefusalsAreSentences(InstalledCairn cairn, PostgresServer server) throws IOException {
        server.sql("CREATE ROLE reader LOGIN PASSWORD '" + PostgresServer.PASSWORD + "'");
        Path wrong = Files.writeString(scratch.resolve("wrong"), "wrong\n");
        String address = "@127.0.0.1:" + server.port() + "?password-file=";
        refused(cairn, "postgres://postgres" + address + wrong, "right password");
        refused(cairn, "postgres://reader" + address + scratch.resolve("password"), "REPLICATION");
        server.sql("SELECT pg_create_physical_replication_slot('a'), pg_create_physical_replication_slot('b')");
        refused(cairn, server.source(), "max_replication_slots");
        server.sql("SELECT pg_drop_replication_slot('a'), pg_drop_replication_slot('b')");
    }

    private static void refused(InstalledCairn cairn, String source, String next) throws IOException {
        URI uri = URI.create(source);
        Path file = Path.of(source.substring(source.indexOf('=') + 1));
        byte[] password = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        var receiver = new WalReceiver(
                cairn.open(),
                PostgresAddress.parse(uri),
                () -> Optional.of(password),
                new WalReceiver.Settings("cairn", false, "cairn"),
                new WalEvents() {});
        SourceFault fault = assertThrows(SourceFault.Refused.class, () -> receiver.run(() -> false));
        assertTrue(fault.getMessage().contains(next), fault.getMessage());
        assertFalse(fault.toString().contains(PostgresServer.PASSWORD), fault.toString());
    }
}

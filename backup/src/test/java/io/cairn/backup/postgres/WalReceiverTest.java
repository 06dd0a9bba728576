package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The receiver against a server that follows a script. */
@Timeout(60)
final class WalReceiverTest {
    private static final long SEGMENT = 1 << 20;

    @TempDir
    private Path directory;

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private final List<WalArea.Gap> gaps = Collections.synchronizedList(new ArrayList<>());

    private Repository repository() {
        return Repository.create(
                new LocalDirectory(directory, Entropy.seeded(3)),
                "pw".getBytes(StandardCharsets.UTF_8),
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    private WalReceiver receiver(Repository repository, FakePostgres server, boolean synchronous) {
        return new WalReceiver(
                repository,
                server.address(),
                Optional::empty,
                new WalReceiver.Settings("cairn", synchronous, "cairn"),
                new WalEvents() {
                    @Override
                    public void alarm(String sentence) {
                        alarms.add(sentence);
                    }

                    @Override
                    public void gap(WalArea.Gap gap) {
                        gaps.add(gap);
                    }
                });
    }

    /** Answers what comes before {@code START_REPLICATION}; gives that command. */
    private static String prologue(FakePostgres.Session session, String restart) throws IOException {
        session.welcome();
        while (true) {
            String command = session.receive();
            if (command.startsWith("QSTART")) {
                return command;
            }
            String answer = command.contains("version")
                    ? "150000"
                    : command.contains("segment") ? "1MB" : command.contains("keep_size") ? "1GB" : "on";
            session.result(
                    command.contains("IDENTIFY")
                            ? List.of("77", "1", "0/300000", "")
                            : command.contains("READ_REPL") ? List.of("physical", restart, "1") : List.of(answer));
            session.ready();
        }
    }

    private static void data(FakePostgres.Session session, long start, byte[] bytes) throws IOException {
        session.send(
                'd',
                ByteBuffer.allocate(25 + bytes.length)
                        .put((byte) 'w')
                        .putLong(start)
                        .putLong(start + bytes.length)
                        .putLong(0)
                        .put(bytes)
                        .array());
    }

    private static long acknowledged(FakePostgres.Session session) throws IOException {
        session.in.readByte();
        byte[] body = new byte[session.in.readInt() - Integer.BYTES];
        session.in.readFully(body);
        return ByteBuffer.wrap(body, 9, Long.BYTES).getLong();
    }

    @Test
    void commit_isAcknowledgedOnlyWhenItIsInTheRepository() {
        Repository repository = repository();
        var stop = new AtomicBoolean();
        var durable = new ArrayList<Long>();
        try (var server = new FakePostgres(session -> {
            assertTrue(prologue(session, "0/100000").contains("PHYSICAL 0/100000 TIMELINE 1"));
            session.send('W', new byte[3]);
            data(session, SEGMENT, new byte[5000]);
            long seen = 0;
            while (seen < SEGMENT + 5000) {
                seen = acknowledged(session);
                durable.add(seen
                        - SEGMENT
                        - new WalArea(repository, serverName(session))
                                .pieces().stream().mapToLong(WalRange::length).sum());
            }
            stop.set(true);
            while (session.in.read() >= 0) {
                continue;
            }
        })) {
            receiver(repository, server, true).run(stop::get);
            assertTrue(durable.stream().allMatch(ahead -> ahead <= 0), "acknowledged ahead of the disk: " + durable);
            assertEquals(
                    5000,
                    new WalArea(repository, server.address().name())
                            .pieces().stream().mapToLong(WalRange::length).sum());
        }
    }

    private static io.cairn.backup.SourceName serverName(FakePostgres.Session session) {
        return new io.cairn.backup.SourceName("postgres", "127.0.0.1:" + session.port);
    }

    @Test
    void walThatTheServerNoLongerHas_isNotedAsAGap() {
        Repository repository = repository();
        var stop = new AtomicBoolean();
        var sessions = new AtomicInteger();
        try (var server = new FakePostgres(session -> {
            int number = sessions.incrementAndGet();
            String command = prologue(session, number == 1 ? "0/100000" : "0/280000");
            if (number == 2) {
                session.error("58P01", "requested WAL segment has already been removed");
                return;
            }
            session.send('W', new byte[3]);
            if (number == 1) {
                data(session, SEGMENT, new byte[100]);
                while (acknowledged(session) < SEGMENT + 100) {
                    continue;
                }
                return;
            }
            assertTrue(command.contains("PHYSICAL 0/200000 "), command);
            stop.set(true);
            while (session.in.read() >= 0) {
                continue;
            }
        })) {
            WalReceiver receiver = receiver(repository, server, false);
            assertThrows(SourceFault.Unreachable.class, () -> receiver.run(stop::get));
            receiver.run(stop::get);
            List<WalArea.Gap> noted = new WalArea(repository, server.address().name()).gaps();
            assertEquals(1, noted.size());
            assertEquals(
                    new WalRange(1, new Lsn(SEGMENT + 100), new Lsn(2 * SEGMENT)),
                    noted.getFirst().range());
            assertEquals(1, gaps.size());
        }
    }

    @Test
    void receiver_withoutAFreeSlot_saysWhatToDo() {
        Repository repository = repository();
        try (var server = new FakePostgres(session -> {
            session.welcome();
            while (true) {
                String command = session.receive();
                if (command.contains("CREATE_REPL")) {
                    session.error("53400", "all replication slots are in use");
                    return;
                }
                session.result(
                        command.contains("IDENTIFY")
                                ? List.of("77", "1", "0/300000", "")
                                : command.contains("READ_REPL")
                                        ? List.of("", "", "")
                                        : List.of(command.contains("version") ? "150000" : "1MB"));
                session.ready();
            }
        })) {
            SourceFault fault = assertThrows(
                    SourceFault.Refused.class,
                    () -> receiver(repository, server, false).run(() -> false));
            assertTrue(fault.getMessage().contains("max_replication_slots"), fault.getMessage());
        }
    }
}

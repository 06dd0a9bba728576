package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Streams the WAL of a cluster into its archive as the server writes it, over a physical slot, across restarts of the
 * server and changes of its timeline. What is acknowledged to the server is durable; what the server no longer has
 * becomes a {@link WalArea.Gap}, never silence. One thread runs it; folding has another.
 */
public final class WalReceiver {
    private static final Duration FLUSH_EVERY = Duration.ofMillis(500);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(10);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(90);
    private static final long LAG_ALARM = 256L << 20;
    private static final String WAL_REMOVED = "58P01";
    private static final String NOT_READY = "55000";

    private final Repository repository;
    private final PostgresAddress address;
    private final Supplier<Optional<byte[]>> password;
    private final Settings settings;
    private final WalEvents events;
    private final WalArea area;
    private final Clock clock;
    private final Entropy entropy;
    private boolean lagging;

    /**
     * How to receive.
     *
     * @param slot the physical slot; made when it is not there
     * @param synchronous acknowledge every commit as soon as it is durable here; {@code applicationName} must then be
     *     in the server's synchronous_standby_names
     */
    public record Settings(String slot, boolean synchronous, String applicationName) {
        public Settings {
            if (!slot.matches("[a-z0-9_]{1,63}")) {
                throw new SourceFault.Refused("a slot's name has lower-case letters, digits and _, unlike " + slot);
            }
        }
    }

    public WalReceiver(
            Repository repository,
            PostgresAddress address,
            Supplier<Optional<byte[]>> password,
            Settings settings,
            WalEvents events) {
        this.repository = repository;
        this.address = address;
        this.password = password;
        this.settings = settings;
        this.events = events;
        this.area = new WalArea(repository, address.name());
        this.clock = repository.actor().clock();
        this.entropy = repository.actor().entropy();
    }

    /** A place in a timeline to go on from. */
    private record Position(long timeline, Lsn lsn) {}

    /**
     * Receives until told to stop, or until the connection is lost: {@link SourceFault.Unreachable} then, and the same
     * may be called again. Everything that came is durable when it returns.
     */
    public void run(BooleanSupplier stop) {
        try (var folding = new WalFolding(repository, area, events)) {
            Optional<Position> next = Optional.empty();
            while (!stop.getAsBoolean()) {
                next = session(stop, next, folding);
            }
        }
    }

    /** One connection, one timeline; returns where to go on when the server changed to another. */
    private Optional<Position> session(BooleanSupplier stop, Optional<Position> wanted, WalFolding folding) {
        try (PostgresConnection connection =
                PostgresConnection.open(address, password, settings.applicationName(), entropy)) {
            PostgresSource.Cluster cluster = PostgresSource.Cluster.of(connection);
            area.claim(cluster.system(), cluster.segmentSize());
            folding.segmentSize(cluster.segmentSize());
            Slot slot = slot(connection);
            Position from = wanted.orElseGet(() -> position(connection, cluster, slot));
            Position start = started(connection, cluster, slot, from);
            if (start.equals(from)) {
                return stream(connection, cluster, start, stop, folding);
            }
            return Optional.of(start);
        }
    }

    /** The slot and the first byte that it keeps; {@code fresh}: it was made just now. */
    private record Slot(Lsn restart, boolean fresh) {}

    private Slot slot(PostgresConnection connection) {
        List<String> row = connection
                .query("READ_REPLICATION_SLOT \"" + settings.slot() + "\"")
                .getFirst();
        Optional<Lsn> restart = Lsn.parse(row.get(1));
        if (restart.isPresent()) {
            return new Slot(restart.get(), false);
        }
        if (!row.getFirst().isEmpty()) {
            events.alarm("the slot " + settings.slot() + " of " + address
                    + " keeps no WAL any more (the server gave it up, see max_slot_wal_keep_size): it is made anew");
            connection.query("DROP_REPLICATION_SLOT \"" + settings.slot() + "\"");
        }
        connection.query("CREATE_REPLICATION_SLOT \"" + settings.slot() + "\" PHYSICAL RESERVE_WAL");
        advise(connection);
        List<String> made = connection
                .query("READ_REPLICATION_SLOT \"" + settings.slot() + "\"")
                .getFirst();
        return new Slot(Lsn.parse(made.get(1)).orElse(Lsn.ZERO), true);
    }

    private void advise(PostgresConnection connection) {
        if (connection.show("max_slot_wal_keep_size").equals("-1")) {
            events.note("max_slot_wal_keep_size is not set on " + address + ": when nobody receives, the slot "
                    + settings.slot() + " keeps WAL until the disk is full; set it to what the disk can spare");
        }
    }

    /** Where the archive ends, or where the slot begins when there is nothing. */
    private Position position(PostgresConnection connection, PostgresSource.Cluster cluster, Slot slot) {
        long segment = cluster.segmentSize();
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            WalArchive archive = WalArchive.of(repository, reader, area, segment);
            Optional<Long> timeline = archive.latestTimeline();
            if (timeline.isEmpty()) {
                return new Position(cluster.timeline(), slot.restart().segmentStart(segment));
            }
            Lsn last = archive.last(timeline.get()).orElse(Lsn.ZERO);
            if (timeline.get() < cluster.timeline()) {
                Optional<Lsn> end = history(connection, cluster.timeline()).endOf(timeline.get());
                if (end.isEmpty() || last.isAfter(end.get())) {
                    Lsn begin = end.orElse(slot.restart()).segmentStart(segment);
                    return new Position(cluster.timeline(), begin);
                }
            }
            return new Position(timeline.get(), last);
        }
    }

    private Timelines history(PostgresConnection connection, long timeline) {
        List<List<String>> rows = connection.query("TIMELINE_HISTORY " + timeline);
        byte[] content = rows.getFirst().get(1).getBytes(StandardCharsets.UTF_8);
        area.saveHistory(timeline, content);
        return Timelines.parse(content);
    }

    /** Asks for WAL from there on; when the server has it no more, notes the gap and tells where it goes on. */
    private Position started(PostgresConnection connection, PostgresSource.Cluster cluster, Slot slot, Position from) {
        if (from.timeline() > 1 && area.history(from.timeline()).isEmpty()) {
            history(connection, from.timeline());
        }
        connection.command("START_REPLICATION SLOT \"" + settings.slot() + "\" PHYSICAL " + from.lsn() + " TIMELINE "
                + from.timeline());
        try {
            char type = connection.next();
            if (type != 'W') {
                throw connection.unexpected(type, "START_REPLICATION");
            }
            return from;
        } catch (SourceFault fault) {
            return skipped(connection, cluster, slot.restart(), from, fault);
        }
    }

    /** After the server said that it lacks the WAL that was asked for. */
    private Position skipped(
            PostgresConnection connection, PostgresSource.Cluster cluster, Lsn kept, Position from, SourceFault fault) {
        String code = connection.failedWith().orElse("");
        if (!code.equals(WAL_REMOVED) && !code.equals(NOT_READY)) {
            throw fault;
        }
        Lsn to = kept.segmentStart(cluster.segmentSize());
        if (!to.isAfter(from.lsn())) {
            to = cluster.flushed().segmentStart(cluster.segmentSize());
        }
        if (!to.isAfter(from.lsn())) {
            throw fault;
        }
        var gap = new WalArea.Gap(
                new WalRange(from.timeline(), from.lsn(), to), clock.now(), "the server no longer had it");
        area.note(gap);
        events.gap(gap);
        return new Position(cluster.timeline(), to);
    }

    private Optional<Position> stream(
            PostgresConnection connection,
            PostgresSource.Cluster cluster,
            Position start,
            BooleanSupplier stop,
            WalFolding folding) {
        var writer = new WalWriter(area, start.timeline(), start.lsn(), cluster.segmentSize());
        var loop = new Loop(writer, start, folding);
        try (var messages = new WalStream(connection)) {
            loop.run(messages, stop);
        } catch (SourceFault fault) {
            writer.flush();
            if (connection.failedWith().orElse("").equals(WAL_REMOVED)) {
                Position at = new Position(start.timeline(), writer.flushed());
                return Optional.of(skipped(connection, cluster, Lsn.ZERO, at, fault));
            }
            throw fault;
        }
        return loop.ended ? after(start.timeline(), cluster.segmentSize(), writer.flushed()) : Optional.empty();
    }

    /** The timeline that follows one that ended, by a connection of its own. */
    private Optional<Position> after(long timeline, long segmentSize, Lsn end) {
        try (PostgresConnection connection =
                PostgresConnection.open(address, password, settings.applicationName(), entropy)) {
            long latest = PostgresSource.Cluster.of(connection).timeline();
            Timelines history = history(connection, latest);
            long next = timeline + 1;
            while (next < latest && history.endOf(next).isEmpty()) {
                next++;
            }
            Lsn begin = history.endOf(timeline).orElse(end).segmentStart(segmentSize);
            events.note("the server went on with timeline " + next + " at " + begin);
            return Optional.of(new Position(next, begin));
        }
    }

    /** The messages of one connection. */
    private final class Loop {
        private final WalWriter writer;
        private final long timeline;
        private final WalFolding folding;
        private long flushDue = Long.MAX_VALUE;
        private long statusDue;
        private long heard = clock.nanos();
        private Lsn written;
        boolean ended;

        Loop(WalWriter writer, Position start, WalFolding folding) {
            this.writer = writer;
            this.timeline = start.timeline();
            this.folding = folding;
            this.written = start.lsn();
            this.statusDue = clock.nanos();
        }

        void run(WalStream messages, BooleanSupplier stop) {
            while (!ended && !stop.getAsBoolean()) {
                long now = clock.nanos();
                long due = Math.min(
                                writer.isEmpty() ? statusDue : Math.min(flushDue, statusDue),
                                now + FLUSH_EVERY.toNanos())
                        - now;
                messages.poll(Duration.ofNanos(due)).ifPresent(message -> take(message, messages));
                boolean quiet = settings.synchronous() && !messages.hasMore();
                if (!writer.isEmpty() && (quiet || clock.nanos() - flushDue >= 0)) {
                    writer.flush();
                    statusDue = clock.nanos();
                }
                if (clock.nanos() - statusDue >= 0) {
                    status(messages);
                }
            }
            writer.flush();
            status(messages);
        }

        private void take(WalStream.Message message, WalStream messages) {
            heard = clock.nanos();
            switch (message) {
                case WalStream.Message.Data data -> {
                    written = data.written();
                    if (writer.isEmpty()) {
                        flushDue = clock.nanos() + FLUSH_EVERY.toNanos();
                    }
                    Lsn before = writer.flushed();
                    writer.add(data.start(), data.bytes());
                    if (!writer.flushed().equals(before)) {
                        statusDue = clock.nanos();
                        flushDue = clock.nanos() + FLUSH_EVERY.toNanos();
                        folding.wake();
                    }
                }
                case WalStream.Message.Alive alive -> {
                    written = alive.written();
                    if (alive.answer()) {
                        messages.status(writer.flushed(), clock.now(), false);
                    }
                }
                case WalStream.Message.End _ -> ended = true;
                case WalStream.Message.Failed failed -> throw failed.fault();
            }
        }

        private void status(WalStream messages) {
            boolean silent = clock.nanos() - heard > SILENCE_MAX.toNanos() / 2;
            if (clock.nanos() - heard > SILENCE_MAX.toNanos()) {
                throw new SourceFault.Unreachable("PostgreSQL at " + address + " has been silent for "
                        + SILENCE_MAX.toSeconds() + " seconds; the receiver connects again");
            }
            if (!ended) {
                messages.status(writer.flushed(), clock.now(), silent);
            }
            statusDue = clock.nanos() + STATUS_EVERY.toNanos();
            events.progress(timeline, writer.flushed(), written);
            long lag = written.bytes() - writer.flushed().bytes();
            if (lag > LAG_ALARM && !lagging) {
                events.alarm("the archive of " + address + " is " + (lag >> 20)
                        + " MiB behind the server: the repository is slower than the database writes");
            }
            lagging = lag > LAG_ALARM;
        }
    }

    /** Retries what may be retried, for ever; tells of it. */
    public void runForEver(BooleanSupplier stop, Pause pause) {
        Duration wait = Duration.ofSeconds(1);
        while (!stop.getAsBoolean()) {
            long began = clock.nanos();
            try {
                run(stop);
            } catch (SourceFault.Unreachable | SourceFault.Damaged | RepositoryFault.Unavailable lost) {
                if (clock.nanos() - began > Duration.ofMinutes(1).toNanos()) {
                    wait = Duration.ofSeconds(1);
                }
                events.alarm(String.valueOf(lost.getMessage()));
                pause.forAtMost(wait);
                wait = wait.multipliedBy(2).compareTo(Duration.ofSeconds(30)) > 0
                        ? Duration.ofSeconds(30)
                        : wait.multipliedBy(2);
            }
        }
    }

    /** A wait that ends early when there is nothing more to wait for. */
    public interface Pause {
        void forAtMost(Duration time);
    }
}

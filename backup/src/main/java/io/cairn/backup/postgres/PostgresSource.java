package io.cairn.backup.postgres;

import io.cairn.backup.Cut;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.store.Json;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A PostgreSQL cluster, as files, by a base backup over the replication protocol. Below its path: {@code data}, the
 * data directory with the WAL that makes it consistent; {@code tablespaces/OID}; and {@code about.json}, which says
 * where it was taken. One use, one thread.
 */
public final class PostgresSource implements Source {
    static final String ABOUT = "about.json";

    private static final int VERSION_MIN = 150_000;
    private static final int MAJOR = 10_000;
    private static final int NAME_BYTES = 4;

    private final PostgresAddress address;
    private final Supplier<Optional<byte[]>> password;
    private final String checkpoint;
    private final Clock clock;
    private final Entropy entropy;

    private PostgresSource(
            PostgresAddress address,
            Supplier<Optional<byte[]>> password,
            String checkpoint,
            Clock clock,
            Entropy entropy) {
        this.address = address;
        this.password = password;
        this.checkpoint = checkpoint;
        this.clock = clock;
        this.entropy = entropy;
    }

    /**
     * From {@code postgres://user@host:port}, see {@link PostgresAddress#parse}; {@code ?checkpoint=spread} lets the
     * server take its time before it begins.
     *
     * @param password asked for when the server wants one
     */
    public static PostgresSource open(URI uri, Supplier<Optional<byte[]>> password, Clock clock, Entropy entropy) {
        boolean spread = "spread".equals(PostgresAddress.query(uri).get("checkpoint"));
        return new PostgresSource(PostgresAddress.parse(uri), password, spread ? "spread" : "fast", clock, entropy);
    }

    @Override
    public SourceName name() {
        return address.name();
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Instant begun = clock.now();
        try (PostgresConnection connection = PostgresConnection.open(address, password, "cairn_base", entropy)) {
            Cluster cluster = Cluster.of(connection);
            int version = cluster.version();
            if (version < VERSION_MIN) {
                throw new SourceFault.Refused("PostgreSQL at " + address + " has version " + version / MAJOR
                        + "; base backups are taken from 15 on: take a logical dump instead");
            }
            Optional<String> noSlot = holdWal(connection);
            var backup = new BaseBackup(connection, tree, name().path(), cluster.checksums());
            BaseBackup.Taken taken = backup.run("LABEL 'cairn', PROGRESS, CHECKPOINT '" + checkpoint
                    + "', WAL true, WAIT true, TABLESPACE_MAP true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C'");
            Instant ended = clock.now();
            about(tree, cluster, taken, begun, ended);
            return cut(cluster, taken, noSlot, begun, ended);
        }
    }

    /** Without a slot the server may recycle WAL that the backup still has to send; then it fails, and says so. */
    private Optional<String> holdWal(PostgresConnection connection) {
        String slot = "cairn_base_" + HexFormat.of().formatHex(entropy.bytes(NAME_BYTES));
        try {
            connection.query("CREATE_REPLICATION_SLOT \"" + slot + "\" TEMPORARY PHYSICAL RESERVE_WAL");
            return Optional.empty();
        } catch (SourceFault.Refused none) {
            connection.recover();
            return Optional.of(none.getMessage());
        }
    }

    private void about(TreeBuilder tree, Cluster cluster, BaseBackup.Taken taken, Instant begun, Instant ended) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("format", 1L);
        about.put("kind", "postgres-base");
        about.put("system", cluster.system());
        about.put("serverVersion", (long) cluster.version());
        about.put("segmentBytes", cluster.segmentSize());
        about.put("timeline", taken.start().timeline());
        about.put("start", taken.start().lsn().toString());
        about.put("end", taken.end().lsn().toString());
        about.put("begun", Json.time(begun));
        about.put("ended", Json.time(ended));
        about.put("tablespaces", taken.tablespaces());
        about.put("pageChecksums", cluster.checksums());
        about.put("damagedPages", taken.damaged());
        byte[] json = (Json.write(about) + "\n").getBytes(StandardCharsets.UTF_8);
        tree.file(
                name().path() + "/" + ABOUT,
                TreeBuilder.Entry.at(ended, 0600),
                Optional.of(DataClass.FILES),
                json.length,
                new ByteArrayInputStream(json));
    }

    private static Cut cut(
            Cluster cluster, BaseBackup.Taken taken, Optional<String> noSlot, Instant begun, Instant ended) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("lsn", taken.end().lsn().toString());
        facts.put("start", taken.start().lsn().toString());
        facts.put("timeline", Long.toString(taken.start().timeline()));
        facts.put("system", cluster.system());
        facts.put("version", cluster.version() / MAJOR + "." + cluster.version() % MAJOR);
        facts.put("files", Integer.toString(taken.files()));
        facts.put("pageChecksums", cluster.checksums() ? "verified" : "the cluster has none");
        if (!taken.damaged().isEmpty()) {
            facts.put("damaged", String.join("; ", taken.damaged()));
        }
        if (!taken.warnings().isEmpty()) {
            facts.put("warnings", String.join("; ", taken.warnings()));
        }
        noSlot.ifPresent(reason -> facts.put("slot", "none was free for the time of the backup: " + reason));
        return new Cut(begun, ended, facts);
    }

    /** What a server says of its cluster. */
    record Cluster(String system, int version, long segmentSize, boolean checksums, long timeline, Lsn flushed) {
        static Cluster of(PostgresConnection connection) {
            List<String> row = connection.query("IDENTIFY_SYSTEM").getFirst();
            return new Cluster(
                    row.getFirst(),
                    (int) number(connection.show("server_version_num")),
                    size(connection.show("wal_segment_size")),
                    connection.show("data_checksums").equals("on"),
                    number(row.get(1)),
                    Lsn.parse(row.get(2)).orElse(Lsn.ZERO));
        }

        private static long number(String text) {
            try {
                return Long.parseLong(text.strip());
            } catch (NumberFormatException notOne) {
                throw new SourceFault.Damaged("the server says '" + text + "' where a number belongs", notOne);
            }
        }

        /** Sizes as {@code SHOW} prints them: {@code 16MB}. */
        private static long size(String text) {
            String unit = text.replaceAll("[0-9 ]", "");
            long factor = switch (unit) {
                case "GB" -> 1L << 30;
                case "MB" -> 1L << 20;
                case "kB" -> 1L << 10;
                default -> 1;
            };
            return number(text.substring(0, text.length() - unit.length())) * factor;
        }
    }

    @Override
    public void close() {}
}

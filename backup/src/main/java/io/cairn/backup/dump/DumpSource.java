package io.cairn.backup.dump;

import io.cairn.backup.Cut;
import io.cairn.backup.InContainer;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.tree.Node;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One database of PostgreSQL as {@code pg_dump} sees it in one transaction, {@code DATABASE.dump}, and beside it the
 * roles and tablespaces of the server, {@code globals.sql}. What promises it makes is in {@code docs/backup.md}. One
 * run, one thread.
 */
public final class DumpSource implements Source {
    private static final int PERMISSIONS = 0600;

    private final DumpUrl url;
    private final Supplier<Optional<String>> password;
    private final Clock clock;

    private DumpSource(DumpUrl url, Supplier<Optional<String>> password, Clock clock) {
        this.url = url;
        this.password = password;
        this.clock = clock;
    }

    /** The source at {@code postgres-dump://}; nothing is connected yet. */
    public static DumpSource open(URI uri, Supplier<Optional<String>> password, Clock clock) {
        return new DumpSource(DumpUrl.of(uri), password, clock);
    }

    @Override
    public SourceName name() {
        return new SourceName("postgres-dump", url.place());
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Instant begun = clock.now();
        TreeMap<Integer, Path> installed = LocalPrograms.installed();
        Programs programs = programs(installed);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("server", url.server());
        facts.put("programs", programs.place());
        dump(tree, programs, installed, facts);
        if (url.globals()) {
            facts.put("globals", globals(tree, programs));
        }
        return new Cut(begun, clock.now(), facts);
    }

    /** In a container its own programs, which fit; else those of this machine that are not older than the server. */
    private Programs programs(TreeMap<Integer, Path> installed) {
        Optional<InContainer> container = InContainer.of(url.options());
        Optional<Programs> contained =
                container.flatMap(found -> ContainerPrograms.of(found, server(url.option("host")), environment()));
        return contained.orElseGet(() -> {
            String named = url.option("host").orElse(url.host());
            return local(installed, container.map(found -> address(found)).orElse(named));
        });
    }

    private static String address(InContainer container) {
        return container.addresses().stream()
                .findFirst()
                .orElseThrow(() -> new SourceFault.Refused("the container " + container.name()
                        + " has neither a pg_dump nor a network that this machine reaches; give it one of both"));
    }

    private Programs local(TreeMap<Integer, Path> installed, String host) {
        if (installed.isEmpty()) {
            throw new SourceFault.Refused(
                    "there is no pg_dump on this machine; install postgresql-client of the server's version");
        }
        List<String> server = server(Optional.of(host));
        int version = serverVersion(new LocalPrograms(installed.lastEntry(), server, environment()));
        Map.Entry<Integer, Path> fitting = LocalPrograms.fitting(installed, version)
                .orElseThrow(() -> new SourceFault.Refused("the server " + url.server() + " is PostgreSQL " + version
                        + " and the newest pg_dump here is of " + installed.lastKey()
                        + "; install postgresql-client-" + version));
        return new LocalPrograms(fitting, server, environment());
    }

    private int serverVersion(LocalPrograms programs) {
        List<String> question =
                List.of("--dbname=" + url.database(), "-X", "-A", "-t", "-c", "SHOW server_version_num");
        try (Program psql = programs.start("psql", question)) {
            byte[] said = read(new DumpStream(url, "psql", psql, Optional.empty()));
            return Integer.parseInt(new String(said, StandardCharsets.UTF_8).strip()) / 10_000;
        } catch (NumberFormatException wrong) {
            throw new SourceFault.Refused("the server " + url.server() + " does not say its version");
        }
    }

    private static byte[] read(DumpStream stream) {
        byte[] bytes = new byte[4096];
        int length = 0;
        int count = stream.read(bytes, 0, bytes.length);
        while (count >= 0) {
            length += count;
            count = stream.read(bytes, length, bytes.length - length);
        }
        return Arrays.copyOf(bytes, length);
    }

    private List<String> server(Optional<String> host) {
        List<String> words = new ArrayList<>();
        host.ifPresent(name -> words.add("--host=" + name));
        words.add("--port=" + url.port());
        url.user().ifPresent(user -> words.add("--username=" + user));
        words.add("--no-password");
        return words;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("LC_ALL", "C");
        environment.put("PGAPPNAME", "cairn");
        environment.put("PGCONNECT_TIMEOUT", "15");
        url.option("sslmode").ifPresent(mode -> environment.put("PGSSLMODE", mode));
        url.option("sslrootcert").ifPresent(file -> environment.put("PGSSLROOTCERT", file));
        password.get().ifPresent(word -> environment.put("PGPASSWORD", word));
        return environment;
    }

    private void dump(
            TreeBuilder tree, Programs programs, TreeMap<Integer, Path> installed, Map<String, String> facts) {
        List<String> arguments = List.of(
                "--format=custom",
                "--compress=0",
                "--lock-wait-timeout=" + url.lockWaitSeconds() * 1000L,
                "--dbname=" + url.database());
        // A newer pg_restore reads the archive of an older pg_dump, and not the other way round.
        Optional<ReadBack> readBack = installed.tailMap(programs.version()).values().stream()
                .filter(ReadBack::possible)
                .findFirst()
                .map(ReadBack::start);
        try (Program program = programs.start("pg_dump", arguments)) {
            DumpStream stream = new DumpStream(url, "pg_dump", program, readBack);
            file(tree, url.fileName(), stream);
            DumpHeader header = DumpHeader.of(stream.head());
            if (!header.database().equals(url.database()) || header.entries() <= 0) {
                throw new SourceFault.Damaged("pg_dump printed an archive of the database " + header.database()
                        + " with " + header.entries() + " entries, not one of " + url.database());
            }
            facts.putAll(header.facts());
            facts.put("bytes", String.valueOf(stream.size()));
            facts.put("read-back", readBack.isPresent() ? "by pg_restore, to the end" : "no: no pg_restore here");
        } finally {
            readBack.ifPresent(ReadBack::close);
        }
    }

    /** Roles with their passwords if we may read them, else without. */
    private String globals(TreeBuilder tree, Programs programs) {
        try {
            return globals(tree, programs, List.of(), "roles and tablespaces");
        } catch (SourceFault.Refused refused) {
            if (!String.valueOf(refused.getMessage()).contains("pg_authid")) {
                throw refused;
            }
            return globals(
                    tree, programs, List.of("--no-role-passwords"), "without passwords, which only a superuser reads");
        }
    }

    private String globals(TreeBuilder tree, Programs programs, List<String> more, String what) {
        List<String> arguments = new ArrayList<>(List.of("--globals-only", "--database=" + url.database()));
        arguments.addAll(more);
        try (Program program = programs.start("pg_dumpall", arguments)) {
            file(tree, "globals.sql", new DumpStream(url, "pg_dumpall", program, Optional.empty()));
            return what;
        }
    }

    private void file(TreeBuilder tree, String name, DumpStream stream) {
        Node _ = tree.file(
                name().path() + "/" + name,
                TreeBuilder.Entry.at(clock.now(), PERMISSIONS),
                Optional.of(DataClass.FILES),
                -1,
                stream);
    }

    @Override
    public void close() {
        // Each program ends with the copy that it is for.
    }
}

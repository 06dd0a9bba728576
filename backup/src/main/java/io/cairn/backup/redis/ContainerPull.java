package io.cairn.backup.redis;

import io.cairn.backup.Cut;
import io.cairn.backup.InContainer;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.containers.Exec;
import io.cairn.containers.ExecStream;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.tree.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A copy out of a container whose network this machine does not reach: the {@code redis-cli} in it becomes the replica,
 * and prints what it gets. One use, one thread.
 */
final class ContainerPull {
    private static final int PERMISSIONS = 0600;
    private static final int INFO_BYTES_MAX = 1 << 20;

    private final InContainer container;
    private final RedisUrl url;
    private final RedisAccess access;
    private final Clock clock;

    ContainerPull(InContainer container, RedisUrl url, RedisAccess access, Clock clock) {
        this.container = container;
        this.url = url;
        this.access = access;
        this.clock = clock;
    }

    Cut into(TreeBuilder tree, String path) {
        if (url.tls()) {
            throw refused("can only be asked from within, where TLS is not spoken; use redis:// or give it a network");
        }
        requireAlone();
        Instant begun = clock.now();
        try (ExecStream program = container.exec(client("--rdb", "-"))) {
            RdbStream rdb =
                    new RdbStream(new PrintedRdb(program), "the copy of Redis in the container " + container.name());
            Node _ = tree.file(
                    path + "/dump.rdb",
                    TreeBuilder.Entry.at(begun, PERMISSIONS),
                    Optional.of(DataClass.FILES),
                    -1,
                    new Judged(program, rdb));
            return new Cut(begun, clock.now(), facts(rdb));
        }
    }

    private Map<String, String> facts(RdbStream rdb) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("server", "in the container " + container.name() + ", by its redis-cli");
        Map<String, String> own = rdb.walk().facts();
        Optional.ofNullable(own.get("repl-id")).ifPresent(id -> facts.put("replid", id));
        Optional.ofNullable(own.get("repl-offset")).ifPresent(offset -> facts.put("offset", offset));
        facts.putAll(Pull.contents(rdb));
        return facts;
    }

    /** The copy of one server of a cluster would look like a copy of all. */
    private void requireAlone() {
        try (ExecStream program = container.exec(client("INFO", "cluster"))) {
            byte[] said = program.out().readNBytes(INFO_BYTES_MAX);
            String text = new String(said, StandardCharsets.UTF_8);
            judge(program, text);
            if (text.contains("cluster_enabled:1")) {
                throw refused("is a node of a cluster, whose other nodes cannot be reached through it; give the"
                        + " containers a network that this machine reaches, and name one address");
            }
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    private Exec client(String... words) {
        List<String> command = new ArrayList<>(List.of("redis-cli", "--no-auth-warning"));
        if (url.address().socket().isPresent()) {
            command.addAll(List.of("-s", url.address().toString()));
        } else {
            command.addAll(List.of("-p", String.valueOf(url.address().port())));
        }
        access.user().ifPresent(user -> command.addAll(List.of("--user", user)));
        command.addAll(List.of(words));
        Map<String, String> environment = new LinkedHashMap<>();
        access.password().get().ifPresent(password -> environment.put("REDISCLI_AUTH", password));
        return new Exec(command, environment, Optional.empty());
    }

    /** Redis' errors come as text on either stream, and not always with a status. */
    private void judge(ExecStream program, String printed) {
        int status = InContainer.status(program);
        for (String line : (program.errors() + "\n" + printed).split("\r?\n")) {
            String plain = line.replaceFirst("^(\\(error\\) |AUTH failed: |.*error: '?-?)", "");
            if (plain.matches("(NOAUTH|WRONGPASS|NOPERM|LOADING|NOMASTERLINK|MASTERDOWN) .*")) {
                throw Refusal.of(url.address(), "redis-cli", new Reply.Failure(plain));
            }
        }
        if (status != 0) {
            throw refused("has a redis-cli that ended with status " + status + ": " + program.errors());
        }
    }

    private SourceFault refused(String sentence) {
        return new SourceFault.Refused("Redis in the container " + container.name() + " " + sentence);
    }

    private SourceFault broken(IOException cause) {
        return new SourceFault.Unreachable(
                "the output of redis-cli in the container " + container.name() + " broke off (" + cause.getMessage()
                        + "); run the backup again",
                cause);
    }

    /** The end of the copy counts only when the program itself ended well. */
    private final class Judged extends java.io.InputStream {
        private final ExecStream program;
        private final RdbStream rdb;

        Judged(ExecStream program, RdbStream rdb) {
            this.program = program;
            this.rdb = rdb;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            try {
                int count = rdb.read(target, offset, length);
                if (count < 0) {
                    judge(program, "");
                }
                return count;
            } catch (IOException failed) {
                throw broken(failed);
            } catch (SourceFault.Damaged damaged) {
                // Why it is damaged the program may have said.
                judge(program, "");
                throw damaged;
            }
        }
    }
}

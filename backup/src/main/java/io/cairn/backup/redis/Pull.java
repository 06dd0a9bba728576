package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.tree.Node;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One RDB from one server into the tree: we register as a replica that wants only the file, so that the server keeps no
 * stream of changes for us while we store. Stateless.
 */
final class Pull {
    private static final int PERMISSIONS = 0600;

    private Pull() {}

    /** What was copied: where in the stream of changes, and what is in it. */
    record Copied(
            Instant begun, Instant ended, String replid, long offset, RdbStream rdb, boolean diskless, Node node) {
        Map<String, String> facts() {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("replid", replid);
            facts.put("offset", String.valueOf(offset));
            facts.putAll(contents(rdb));
            facts.put("sent", diskless ? "from memory" : "from a file of the server (repl-diskless-sync no)");
            return facts;
        }

        long keys() {
            return Pull.keys(rdb);
        }
    }

    private static long keys(RdbStream rdb) {
        return rdb.walk().keys().values().stream().mapToLong(Long::longValue).sum();
    }

    /** What was seen of the file as it passed by. */
    static Map<String, String> contents(RdbStream rdb) {
        Map<String, String> facts = new LinkedHashMap<>();
        RdbWalk walk = rdb.walk();
        Optional.ofNullable(walk.facts().get("redis-ver")).ifPresent(version -> facts.put("version", version));
        facts.put("rdb-version", String.valueOf(walk.version()));
        facts.put("bytes", String.valueOf(rdb.size()));
        if (walk.ended()) {
            walk.keys().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> facts.put("db" + entry.getKey(), entry.getValue() + " keys"));
            facts.put("keys", String.valueOf(keys(rdb)));
            facts.put("keys-with-expiry", String.valueOf(walk.expiring()));
            facts.put("function-libraries", String.valueOf(walk.functions()));
        } else {
            facts.put("keys", "not counted: " + walk.unknown().orElse("it has no end"));
        }
        facts.put("checksum", rdb.checksummed() ? "right" : "off on the server; its structure was walked over");
        return facts;
    }

    /** Where the server is in its stream of changes. */
    private record Position(String replid, long offset) {}

    static Copied into(TreeBuilder tree, String path, RedisLink link, Clock clock) {
        Instant begun = clock.now();
        Position position = register(link);
        RdbFrame frame = RdbFrame.open(link);
        RdbStream rdb = new RdbStream(frame, "the copy of Redis " + link.address());
        Node node = tree.file(path, TreeBuilder.Entry.at(begun, PERMISSIONS), Optional.of(DataClass.FILES), -1, rdb);
        Instant ended = clock.now();
        compare(link, position, rdb.walk().facts());
        return new Copied(begun, ended, position.replid(), position.offset(), rdb, frame.diskless(), node);
    }

    private static Position register(RedisLink link) {
        // Without this, a server would write a file first. Versions before 2.8.18 do not know the word.
        if (link.ask("REPLCONF", "capa", "eof", "capa", "psync2") instanceof Reply.Failure failure) {
            throw Refusal.of(link.address(), "REPLCONF", failure);
        }
        // From 7.0: no changes are kept for us. An older one keeps them until its limit for replicas.
        var _ = link.ask("REPLCONF", "rdb-only", "1");
        String[] answer = link.text("PSYNC", "?", "-1").split(" ");
        if (answer.length < 3 || !answer[0].equals("FULLRESYNC")) {
            throw new SourceFault.Refused(
                    "Redis " + link.address() + " answers PSYNC with " + answer[0] + " and not with a whole copy");
        }
        return new Position(answer[1], Long.parseLong(answer[2]));
    }

    /** The file itself says which history it is of: it must be the one that was promised. */
    private static void compare(RedisLink link, Position promised, Map<String, String> inFile) {
        String replid = inFile.getOrDefault("repl-id", promised.replid());
        if (!replid.equals(promised.replid())) {
            throw new SourceFault.Damaged("Redis " + link.address()
                    + " sent a copy of another history (" + replid + ") than it promised (" + promised.replid()
                    + "); run the backup again");
        }
    }
}

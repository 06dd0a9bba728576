package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Chooses who has to fork for us: a healthy replica if the server has one, so that the one that writes is spared. A
 * replica is taken only when it has every change that its master had when we asked. One thread.
 */
final class Replicas {
    private static final long LAG_SECONDS_MAX = 10;
    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(20);

    private final RedisAccess access;
    private final Clock clock;

    Replicas(RedisAccess access, Clock clock) {
        this.access = access;
        this.clock = clock;
    }

    /** Who copies, and why. {@code link} is the given one, or another, which whoever has it closes. */
    record Chosen(RedisLink link, String role) {}

    /** The best of the replicas of the given server, or that server itself. */
    Chosen choose(RedisLink master) {
        Map<String, String> replication = master.info("replication");
        if (!"master".equals(replication.get("role"))) {
            return new Chosen(
                    master, "replica of " + replication.get("master_host") + ":" + replication.get("master_port"));
        }
        long offset = RedisInfo.number(replication, "master_repl_offset");
        String why = "master; it has no replica";
        for (RedisAddress candidate : candidates(replication)) {
            Optional<RedisLink> link = caughtUp(candidate, replication.getOrDefault("master_replid", ""), offset);
            if (link.isPresent()) {
                return new Chosen(link.get(), "replica of " + master.address());
            }
            why = "master; no replica could be reached that had caught up";
        }
        return new Chosen(master, why);
    }

    /** The replicas that are online and not behind, the one that is nearest to the master first. */
    static List<RedisAddress> candidates(Map<String, String> replication) {
        record Seen(RedisAddress address, long offset) {}
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; replication.containsKey("slave" + i); i++) {
            Map<String, String> words = RedisInfo.words(replication.getOrDefault("slave" + i, ""));
            long port = RedisInfo.number(words, "port");
            boolean healthy = "online".equals(words.get("state"))
                    && RedisInfo.number(words, "lag") >= 0
                    && RedisInfo.number(words, "lag") <= LAG_SECONDS_MAX;
            if (healthy && port > 0 && port < 1 << 16 && words.containsKey("ip")) {
                seen.add(new Seen(RedisAddress.of(words.get("ip"), (int) port), RedisInfo.number(words, "offset")));
            }
        }
        return seen.stream()
                .sorted(Comparator.comparingLong(Seen::offset).reversed())
                .map(Seen::address)
                .toList();
    }

    private Optional<RedisLink> caughtUp(RedisAddress address, String replid, long offset) {
        try {
            RedisLink link = RedisLink.open(address, access);
            if (waitFor(link, replid, offset)) {
                return Optional.of(link);
            }
            link.close();
        } catch (SourceFault _) {
            // Whoever listens there for the master need not listen for us: then the master does the work.
        }
        return Optional.empty();
    }

    private boolean waitFor(RedisLink link, String replid, long offset) {
        long end = clock.nanos() + CATCH_UP_MAX.toNanos();
        while (clock.nanos() < end) {
            Map<String, String> replication = link.info("replication");
            boolean follows = replid.equals(replication.get("master_replid"))
                    && "up".equals(replication.get("master_link_status"));
            if (!follows) {
                return false;
            }
            if (RedisInfo.number(replication, "slave_repl_offset") >= offset) {
                return true;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return false;
    }
}

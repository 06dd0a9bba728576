package io.cairn.backup.redis;

import io.cairn.backup.Cut;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.repository.TreeBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every master of a cluster, one after the other, with the slots that it has. Masters are asked who has which slots
 * before and after; when that changed meanwhile, all is copied again, and the third time refused. Shards are each
 * consistent in themselves, not with one another: the cut says when each was taken. One use, one thread.
 */
final class ClusterPull {
    private static final int TRIES = 3;
    private static final int PERMISSIONS = 0600;

    private final RedisLink first;
    private final RedisAccess access;
    private final boolean replicas;
    private final Clock clock;

    ClusterPull(RedisLink first, RedisAccess access, boolean replicas, Clock clock) {
        this.first = first;
        this.access = access;
        this.replicas = replicas;
        this.clock = clock;
    }

    /** A shard in the tree. */
    private record Shard(ClusterMap.Master master, String path, String server, String role, Pull.Copied copied) {}

    Cut into(TreeBuilder tree, String path) {
        Instant begun = clock.now();
        for (int i = 0; i < TRIES; i++) {
            ClusterMap before = agreed();
            List<Shard> shards = new ArrayList<>();
            for (ClusterMap.Master master : before.masters()) {
                shards.add(shard(tree, path + "/" + master.directory(), master));
            }
            if (agreed().same(before)) {
                describe(tree, path, before);
                return new Cut(begun, clock.now(), facts(before, shards));
            }
            shards.forEach(shard -> tree.withdraw(shard.path()));
        }
        throw new SourceFault.Unreachable("the cluster at " + first.address()
                + " moved slots or changed masters during " + TRIES + " copies; try again when it is at rest");
    }

    /** What all masters say, which must be one thing; only a node itself knows which slots it is moving. */
    private ClusterMap agreed() {
        ClusterMap map = ClusterMap.of(first.text("CLUSTER", "NODES"), first.address());
        map.requireWhole(first.address());
        for (ClusterMap.Master master : map.masters()) {
            try (RedisLink link = RedisLink.open(master.address(), access)) {
                ClusterMap seen = ClusterMap.of(link.text("CLUSTER", "NODES"), link.address());
                seen.requireWhole(link.address());
                if (!seen.same(map)) {
                    throw new SourceFault.Unreachable("the masters " + first.address() + " and " + link.address()
                            + " do not agree on who has which slots; try again when the cluster is at rest");
                }
            }
        }
        return map;
    }

    private Shard shard(TreeBuilder tree, String directory, ClusterMap.Master master) {
        try (RedisLink link = RedisLink.open(master.address(), access)) {
            Replicas.Chosen chosen =
                    replicas ? new Replicas(access, clock).choose(link) : new Replicas.Chosen(link, "master");
            try (RedisLink from = chosen.link()) {
                String path = directory + "/dump.rdb";
                return new Shard(
                        master, path, from.address().toString(), chosen.role(), Pull.into(tree, path, from, clock));
            }
        }
    }

    /** Beside each file what a new server needs to take the place of its master: its part of the cluster's own map. */
    private void describe(TreeBuilder tree, String path, ClusterMap map) {
        for (ClusterMap.Master self : map.masters()) {
            byte[] nodes = NodesFile.of(map, self).getBytes(StandardCharsets.UTF_8);
            tree.file(
                    path + "/" + self.directory() + "/nodes.conf",
                    TreeBuilder.Entry.at(clock.now(), PERMISSIONS),
                    Optional.empty(),
                    nodes.length,
                    new ByteArrayInputStream(nodes));
        }
    }

    private static Map<String, String> facts(ClusterMap map, List<Shard> shards) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("masters", String.valueOf(map.masters().size()));
        long keys = 0;
        for (Shard shard : shards) {
            String name = shard.master().directory();
            Pull.Copied copied = shard.copied();
            facts.put(name + ".slots", shard.master().slotWords());
            facts.put(
                    name + ".master", shard.master().id() + " " + shard.master().address());
            facts.put(name + ".server", shard.server());
            facts.put(name + ".role", shard.role());
            facts.put(name + ".begun", copied.begun().toString());
            facts.put(name + ".ended", copied.ended().toString());
            copied.facts().forEach((fact, value) -> facts.put(name + "." + fact, value));
            keys += copied.keys();
        }
        facts.put("keys", String.valueOf(keys));
        return facts;
    }
}

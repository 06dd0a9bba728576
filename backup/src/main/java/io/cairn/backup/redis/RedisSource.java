package io.cairn.backup.redis;

import io.cairn.backup.Cut;
import io.cairn.backup.InContainer;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.repository.TreeBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Redis server, or a cluster of them, as its own RDB: {@code dump.rdb} below the name of the source, or one per
 * master. What promises it makes is in {@code docs/backup.md}. One run, one thread.
 */
public final class RedisSource implements Source {
    /** What a user of the server needs for a copy, in the words of an ACL. */
    public static final String GRANT = Refusal.GRANT;

    private final RedisUrl url;
    private final RedisAccess access;
    private final Clock clock;

    private RedisSource(RedisUrl url, RedisAccess access, Clock clock) {
        this.url = url;
        this.access = access;
        this.clock = clock;
    }

    /**
     * The source at {@code redis://}, {@code rediss://} or {@code redis+unix://}; nothing is connected yet.
     *
     * @param password asked once per connection; empty when the server wants none
     */
    public static RedisSource open(URI uri, Supplier<Optional<String>> password, Clock clock) {
        RedisUrl url = RedisUrl.of(uri);
        return new RedisSource(url, new RedisAccess(url.user(), password, Tls.of(url)), clock);
    }

    @Override
    public SourceName name() {
        return new SourceName("redis", url.place());
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Optional<InContainer> container = InContainer.of(url.options());
        Optional<RedisLink> reached =
                container.isPresent() ? reached(container.get()) : Optional.of(link(url.address()));
        if (reached.isEmpty()) {
            return new ContainerPull(container.orElseThrow(), url, access, clock).into(tree, name().path());
        }
        try (RedisLink link = reached.get()) {
            if ("1".equals(link.info("cluster").get("cluster_enabled"))) {
                return new ClusterPull(link, access, url.replicasPreferred(), clock).into(tree, name().path());
            }
            return alone(tree, link);
        }
    }

    private RedisLink link(RedisAddress address) {
        return RedisLink.open(address, access);
    }

    /** By the network of the container, if one of its addresses answers; the port is the one in the container. */
    private Optional<RedisLink> reached(InContainer container) {
        if (url.address().socket().isPresent()) {
            return Optional.empty();
        }
        for (String host : container.addresses()) {
            try {
                return Optional.of(link(RedisAddress.of(host, url.address().port())));
            } catch (SourceFault.Unreachable _) {
                // The next address, or from within.
            }
        }
        return Optional.empty();
    }

    private Cut alone(TreeBuilder tree, RedisLink link) {
        Instant begun = clock.now();
        Replicas.Chosen chosen = url.replicasPreferred()
                ? new Replicas(access, clock).choose(link)
                : new Replicas.Chosen(link, "the server that was named");
        try (RedisLink from = chosen.link()) {
            Pull.Copied copied = Pull.into(tree, name().path() + "/dump.rdb", from, clock);
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("server", from.address().toString());
            facts.put("role", chosen.role());
            facts.putAll(copied.facts());
            return new Cut(begun, copied.ended(), facts);
        }
    }

    @Override
    public void close() {
        // Each copy closes its own connections.
    }
}

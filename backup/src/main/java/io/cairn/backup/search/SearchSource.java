package io.cairn.backup.search;

import io.cairn.backup.Cut;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.tree.Node;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A search cluster's own snapshot in a bucket: registered, made, watched and judged here, written by its nodes. The
 * snapshot of ours has only {@code snapshot.json}, which names theirs. One run, one thread.
 */
public final class SearchSource implements Source {
    private static final int PERMISSIONS = 0600;
    private static final Duration STEP = Duration.ofMillis(250);
    private static final String TAKER = "cairn";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final SearchUrl url;
    private final SearchApi api;
    private final Clock clock;

    private SearchSource(SearchUrl url, SearchApi api, Clock clock) {
        this.url = url;
        this.api = api;
        this.clock = clock;
    }

    /** The source at {@code opensearch://} or {@code elasticsearch://}; nothing is connected yet. */
    public static SearchSource open(URI uri, Supplier<Optional<String>> password, Clock clock) {
        SearchUrl url = SearchUrl.of(uri);
        return new SearchSource(url, new SearchApi(url, password), clock);
    }

    @Override
    public SourceName name() {
        return new SourceName(url.scheme(), url.place());
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Instant begun = clock.now();
        JsonNode about = api.get("");
        register();
        String name = TAKER + "-" + NAME.format(begun);
        JsonNode done = finished(name);
        Map<String, String> facts = facts(name, about, done);
        byte[] content = SearchApi.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description(facts, done));
        Node _ = tree.file(
                name().path() + "/snapshot.json",
                TreeBuilder.Entry.at(begun, PERMISSIONS),
                Optional.empty(),
                content.length,
                new ByteArrayInputStream(content));
        return new Cut(begun, clock.now(), facts);
    }

    private String repository() {
        return "_snapshot/" + url.repository();
    }

    /** Makes the cluster know the bucket, and every node prove that it can write there. */
    private void register() {
        SearchApi.Answer there = api.ask("GET", repository(), Optional.empty());
        if (there.status() != 200 && there.status() != 404) {
            throw api.fault("GET " + repository(), there);
        }
        JsonNode known = there.body().path(url.repository());
        Optional<Map<String, Object>> wanted = url.settings();
        if (there.status() == 404) {
            Map<String, Object> settings = wanted.orElseThrow(
                    () -> new SourceFault.Refused("the search cluster at " + url.server() + " has no repository "
                            + url.repository() + "; name a bucket for it: ?bucket=NAME&client=…"));
            JsonNode _ = api.send("PUT", repository(), Map.of("type", "s3", "settings", settings));
        } else if (wanted.isPresent()) {
            requireSame(known, wanted.get());
        }
        JsonNode _ = api.send("POST", repository() + "/_verify", Map.of());
    }

    /** A repository of that name in another bucket may have somebody's snapshots: it is not touched. */
    private void requireSame(JsonNode known, Map<String, Object> wanted) {
        for (String setting : List.of("bucket", "base_path")) {
            String has = known.path("settings").path(setting).asString("");
            if (!has.equals(String.valueOf(wanted.getOrDefault(setting, "")))) {
                throw new SourceFault.Refused("the repository " + url.repository() + " of the search cluster at "
                        + url.server() + " has the " + setting + " \"" + has
                        + "\"; give that, or another name (?repository=NAME)");
            }
        }
    }

    /** Makes the snapshot and waits for its end; one that is not whole is deleted and refused. */
    private JsonNode finished(String name) {
        Map<String, Object> order = new LinkedHashMap<>();
        url.option("indices").ifPresent(indices -> order.put("indices", indices));
        order.put("include_global_state", true);
        order.put("partial", false);
        order.put("metadata", Map.of("taken_by", TAKER));
        String path = repository() + "/" + name;
        JsonNode _ = api.send("PUT", path + "?wait_for_completion=false", order);
        try {
            JsonNode done = awaited(path);
            requireWhole(name, done);
            return done;
        } catch (SourceFault fault) {
            // Half a snapshot must not look like one, and would keep the next from beginning.
            var _ = api.ask("DELETE", path, Optional.empty());
            throw fault;
        }
    }

    private JsonNode awaited(String path) {
        long end = clock.nanos() + Duration.ofSeconds(url.timeoutSeconds()).toNanos();
        while (clock.nanos() < end) {
            JsonNode snapshot = api.get(path).path("snapshots").path(0);
            if (!Set.of("IN_PROGRESS", "STARTED", "")
                    .contains(snapshot.path("state").asString(""))) {
                return snapshot;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        JsonNode stats = api.get(path + "/_status").path("snapshots").path(0).path("stats");
        throw new SourceFault.Unreachable("the snapshot of the search cluster at " + url.server() + " was not done in "
                + url.timeoutSeconds() + " s ("
                + stats.path("processed").path("size_in_bytes").asLong(0) + " of "
                + stats.path("incremental").path("size_in_bytes").asLong(0)
                + " bytes); give it longer with ?timeout=SECONDS");
    }

    private void requireWhole(String name, JsonNode done) {
        String state = done.path("state").asString("");
        long failed = done.path("shards").path("failed").asLong(0);
        if (state.equals("SUCCESS") && failed == 0 && done.path("failures").isEmpty()) {
            return;
        }
        JsonNode first = done.path("failures").path(0);
        throw new SourceFault.Damaged(
                "the snapshot " + name + " of the search cluster at " + url.server() + " ended as "
                        + state + ", " + failed + " shards failed ("
                        + first.path("index").asString("") + " "
                        + first.path("reason").asString(done.path("reason").asString("no reason given"))
                        + "); it was deleted; look at _cluster/health and the log of that node, and run the backup"
                        + " again");
    }

    private Map<String, String> facts(String name, JsonNode about, JsonNode done) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("snapshot", name);
        facts.put("uuid", done.path("uuid").asString(""));
        facts.put("repository", url.repository());
        url.option("bucket").ifPresent(bucket -> facts.put("bucket", bucket));
        facts.put("cluster", about.path("cluster_name").asString(""));
        facts.put("version", about.path("version").path("number").asString(""));
        facts.put("state", done.path("state").asString(""));
        facts.put("indices", String.valueOf(done.path("indices").size()));
        facts.put("shards", String.valueOf(done.path("shards").path("total").asLong(0)));
        facts.put(
                "shards-failed",
                String.valueOf(done.path("shards").path("failed").asLong(0)));
        return facts;
    }

    private static Map<String, Object> description(Map<String, String> facts, JsonNode done) {
        List<String> indices = new ArrayList<>();
        done.path("indices").forEach(index -> indices.add(index.asString("")));
        Map<String, Object> description = new LinkedHashMap<>(facts);
        description.put("indices", indices);
        return description;
    }

    /**
     * Deletes the snapshots that were made here and that nobody keeps, through the cluster's API; those of others stay.
     *
     * @param kept names, as the fact {@code snapshot} has them
     * @return those that it deleted
     */
    public List<String> deleteExcept(Set<String> kept) {
        List<String> deleted = new ArrayList<>();
        for (JsonNode snapshot : api.get(repository() + "/_all").path("snapshots")) {
            String name = snapshot.path("snapshot").asString("");
            boolean ours =
                    TAKER.equals(snapshot.path("metadata").path("taken_by").asString(""));
            boolean running = "IN_PROGRESS".equals(snapshot.path("state").asString(""));
            if (ours && !running && !kept.contains(name)) {
                JsonNode _ = api.send("DELETE", repository() + "/" + name, Map.of());
                deleted.add(name);
            }
        }
        return List.copyOf(deleted);
    }

    @Override
    public void close() {
        api.close();
    }
}

package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.Shell;
import io.cairn.backup.SourceFault;
import io.cairn.backup.search.SearchSource;
import io.cairn.base.Clock;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a real OpenSearch in a bucket of ours: made, its index deleted, restored, asked again. */
@Tag("acceptance")
final class SearchBackupTest {
    private static final int DOCUMENTS = 2_000;
    private static final String QUESTION = """
            {"size": 3, "sort": [{"number": "desc"}], "query": {"match": {"word": "seven"}},
             "aggs": {"sum": {"sum": {"field": "number"}}}}""";

    @TempDir
    Path root;

    private static SearchSource source(SearchProcess search, String options) {
        return SearchSource.open(
                URI.create("opensearch://127.0.0.1:" + search.port() + "?" + options), Optional::empty, Clock.system());
    }

    private static void fill(SearchProcess search) {
        StringBuilder bulk = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            bulk.append("{\"index\":{\"_id\":\"")
                    .append(i)
                    .append("\"}}\n{\"number\":")
                    .append(i);
            bulk.append(",\"word\":\"").append(i % 7 == 0 ? "seven" : "other").append("\"}\n");
        }
        String _ = search.ask("PUT", "orders", "{\"settings\":{\"number_of_shards\":2,\"number_of_replicas\":0}}");
        String _ = search.ask("POST", "orders/_bulk?refresh=true", bulk.toString());
    }

    /** What it finds, without how long that took. */
    private static String found(SearchProcess search) {
        return search.ask("POST", "orders/_search?filter_path=hits.total,hits.hits._source,aggregations", QUESTION);
    }

    @Test
    void index_deletedAndRestored_answersAsBefore() throws Exception {
        try (RunningCairn store = RunningCairn.on(root.resolve("drive")).start()) {
            Shell.Ended made = Shell.end(
                    Duration.ofSeconds(60),
                    Map.of(
                            "AWS_ACCESS_KEY_ID", store.accessKey(),
                            "AWS_SECRET_ACCESS_KEY", store.secretKey(),
                            "AWS_DEFAULT_REGION", "us-east-1"),
                    List.of("aws", "--endpoint-url", store.s3().toString(), "s3", "mb", "s3://snapshots"));
            assertEquals(0, made.status(), made::output);
            try (SearchProcess search = SearchProcess.start(Files.createDirectories(root.resolve("search")), store)) {
                snapshotsComeBack(search, store.s3());
            }
        }
    }

    private void snapshotsComeBack(SearchProcess search, URI s3) {
        fill(search);
        String before = found(search);
        assertTrue(before.contains("\"value\":286"), before);
        ScratchRepository repository = new ScratchRepository(root.resolve("repository"));
        SourceFault unknown =
                assertThrows(SourceFault.Refused.class, () -> repository.take(source(search, "timeout=60")));
        assertTrue(String.valueOf(unknown.getMessage()).contains("?bucket=NAME"), unknown::getMessage);
        String options = "bucket=snapshots&base-path=search&client=cairn&region=us-east-1&path-style=yes&endpoint=" + s3
                + "&indices=orders";
        Map<String, String> facts =
                repository.take(source(search, options)).cut().facts();
        assertEquals("SUCCESS", facts.get("state"), facts::toString);
        assertEquals("2", facts.get("shards"), facts::toString);
        assertEquals("0", facts.get("shards-failed"), facts::toString);
        SourceFault elsewhere = assertThrows(
                SourceFault.Refused.class, () -> repository.take(source(search, options.replace("search", "other"))));
        assertTrue(String.valueOf(elsewhere.getMessage()).contains("base_path"), elsewhere::getMessage);

        String _ = search.ask("DELETE", "orders", "");
        String snapshot = "_snapshot/cairn/" + facts.get("snapshot");
        String _ = search.ask("POST", snapshot + "/_restore?wait_for_completion=true", "{\"indices\":\"orders\"}");
        assertEquals(before, found(search));
        String _ = search.ask("DELETE", "orders/_doc/7?refresh=true", "");
        assertFalse(before.equals(found(search)), "the comparison sees a missing document");

        Map<String, String> later =
                repository.take(source(search, options)).cut().facts();
        String _ =
                search.ask("PUT", "_snapshot/cairn/of-somebody?wait_for_completion=true", "{\"indices\":\"orders\"}");
        try (SearchSource source = source(search, options)) {
            assertEquals(
                    List.of(String.valueOf(facts.get("snapshot"))),
                    source.deleteExcept(Set.of(String.valueOf(later.get("snapshot")))));
        }
        String left = search.ask("GET", "_snapshot/cairn/_all?filter_path=snapshots.snapshot", "");
        assertTrue(left.contains("of-somebody") && left.contains(String.valueOf(later.get("snapshot"))), left);
        assertEquals(2, repository.snapshots());
    }
}

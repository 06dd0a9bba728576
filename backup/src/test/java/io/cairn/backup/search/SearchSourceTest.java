package io.cairn.backup.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cairn.backup.Cut;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversation with a cluster, with one that says what we want. */
final class SearchSourceTest {
    private static final String SECRET = "never-to-be-seen";
    private static final String WHOLE = "{\"state\":\"SUCCESS\",\"uuid\":\"u\",\"indices\":[\"a\",\"b\"],"
            + "\"shards\":{\"total\":3,\"failed\":0},\"failures\":[]}";

    @TempDir
    Path root;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> snapshot = new AtomicReference<>(WHOLE);
    private volatile int refusal;
    private HttpServer server;
    private Repository repository;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        repository = Repository.create(
                new LocalDirectory(root, Entropy.secure()),
                "word".getBytes(StandardCharsets.UTF_8),
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(exchange.getRequestMethod() + " " + path);
        String body = "{}";
        int status = refusal;
        if (refusal == 0) {
            status = path.equals("/_snapshot/cairn")
                            && exchange.getRequestMethod().equals("GET")
                    ? 404
                    : 200;
            body = path.matches("/_snapshot/cairn/cairn-[0-9-]+") ? "{\"snapshots\":[" + snapshot.get() + "]}" : body;
            body = path.endsWith("/_all") ? ALL : body;
        } else {
            body = "{\"error\":{\"reason\":\"no\",\"caused_by\":{\"reason\":\"because\"}},\"status\":" + refusal + "}";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static final String ALL = """
            {"snapshots":[
              {"snapshot":"cairn-1","state":"SUCCESS","metadata":{"taken_by":"cairn"}},
              {"snapshot":"cairn-2","state":"SUCCESS","metadata":{"taken_by":"cairn"}},
              {"snapshot":"cairn-3","state":"IN_PROGRESS","metadata":{"taken_by":"cairn"}},
              {"snapshot":"nightly","state":"SUCCESS"}]}""";

    private SearchSource source(String options) {
        return SearchSource.open(
                URI.create("opensearch://me@127.0.0.1:" + server.getAddress().getPort() + "?" + options),
                () -> Optional.of(SECRET),
                Clock.system());
    }

    private Cut take(String options) {
        try (SearchSource source = source(options)) {
            AtomicReference<Cut> cut = new AtomicReference<>();
            var _ = new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                    .tree(source.name().paths(), tree -> cut.set(source.store(tree)));
            return cut.get();
        }
    }

    @Test
    void snapshot_thatIsWhole_isInTheCut() {
        Cut cut = take("bucket=b");
        assertEquals("SUCCESS", cut.facts().get("state"));
        assertEquals("2", cut.facts().get("indices"));
        assertEquals("3", cut.facts().get("shards"));
        assertFalse(cut.facts().toString().contains(SECRET));
        assertTrue(asked.contains("POST /_snapshot/cairn/_verify"), asked::toString);
        assertEquals(1, repository.snapshots().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"state\":\"PARTIAL\",\"shards\":{\"total\":3,\"failed\":1}}",
                "{\"state\":\"FAILED\",\"shards\":{\"total\":3,\"failed\":3}}",
                "{\"state\":\"SUCCESS\",\"shards\":{\"total\":3,\"failed\":1},\"failures\":[]}",
                "{\"state\":\"SUCCESS\",\"shards\":{\"failed\":0},\"failures\":[{\"index\":\"a\",\"reason\":\"x\"}]}",
                "{\"state\":\"INCOMPATIBLE\"}"
            })
    void snapshot_thatIsNotWhole_isDeletedAndRefused(String state) {
        snapshot.set(state);
        SourceFault fault = assertThrows(SourceFault.Damaged.class, () -> take("bucket=b"));
        assertTrue(String.valueOf(fault.getMessage()).contains("it was deleted"), fault::getMessage);
        assertTrue(asked.getLast().startsWith("DELETE /_snapshot/cairn/cairn-"), asked::toString);
        assertEquals(List.of(), repository.snapshots());
    }

    @Test
    void snapshot_thatTakesTooLong_isDeletedAndRefused() {
        snapshot.set("{\"state\":\"IN_PROGRESS\"}");
        SourceFault fault = assertThrows(SourceFault.Unreachable.class, () -> take("bucket=b&timeout=1"));
        assertTrue(String.valueOf(fault.getMessage()).contains("?timeout=SECONDS"), fault::getMessage);
        assertTrue(asked.getLast().startsWith("DELETE "), asked::toString);
    }

    @ParameterizedTest
    @CsvSource({"401, password-file", "403, manage_snapshots", "503, try again later", "500, keystore"})
    void refusal_ofTheCluster_isASentenceWithoutSecrets(int status, String expected) {
        refusal = status;
        SourceFault fault = assertThrows(SourceFault.class, () -> take("bucket=b"));
        String message = String.valueOf(fault.getMessage());
        assertTrue(message.contains(expected) && message.contains("because"), message);
        assertFalse(message.contains(SECRET), message);
    }

    @Test
    void retention_deletesOursThatNobodyKeeps_andNoOther() {
        try (SearchSource source = source("bucket=b")) {
            assertEquals(List.of("cairn-1"), source.deleteExcept(Set.of("cairn-2")));
        }
    }

    @Test
    void url_withAPassword_isRefusedWithoutSayingIt() {
        SourceFault fault = assertThrows(
                SourceFault.Refused.class,
                () -> SearchSource.open(
                        URI.create("opensearch://me:" + SECRET + "@host"), Optional::empty, Clock.system()));
        assertFalse(fault.toString().contains(SECRET), fault::toString);
    }
}

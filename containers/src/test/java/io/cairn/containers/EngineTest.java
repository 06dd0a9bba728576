package io.cairn.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conversation with an Engine, with one that says what we want. */
final class EngineTest {
    private static final String RAW =
            "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";
    private static final String SECRET = "never-to-be-seen";

    @TempDir
    Path root;

    private Path socket;
    private FakeEngine fake;

    @BeforeEach
    void listen() throws IOException {
        socket = root.resolve("docker.sock");
        fake = new FakeEngine(socket);
    }

    @AfterEach
    void close() throws IOException {
        fake.close();
    }

    private static String frame(int stream, String text) {
        return (char) stream + "\0\0\0" + "\0\0" + (char) (text.length() >> 8) + (char) (text.length() & 0xff) + text;
    }

    private ExecStream exec(String frames, String state) {
        fake.json("POST /v1.41/containers/db/exec", "{\"Id\":\"e1\"}");
        fake.answer("POST /v1.41/exec/e1/start", RAW + frames);
        fake.json("GET /v1.41/exec/e1/json", state);
        return Engine.at(socket)
                .exec("db", new Exec(List.of("pg_dump", "-Fc"), Map.of("PGPASSWORD", SECRET), Optional.of("postgres")));
    }

    @Test
    void program_thatPrintsToBothStreams_isHeardInBoth() throws IOException {
        String long1 = "x".repeat(200);
        try (ExecStream stream = exec(
                frame(1, "one ") + frame(2, "a warning\n") + frame(1, "") + frame(1, long1) + frame(2, "an error\n"),
                "{\"Running\":false,\"ExitCode\":3}")) {
            assertEquals("one " + long1, new String(stream.out().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals("a warning\nan error", stream.errors());
            assertEquals(3, stream.status());
        }
        String made = fake.asked().get(1);
        assertTrue(made.contains("\"Tty\":false"), made);
        assertTrue(made.contains("\"User\":\"postgres\""), made);
        assertFalse(Exec.of(List.of("x")).toString().contains("PGPASSWORD"));
    }

    @Test
    void connection_thatBreaksInAFrame_isNoEnd() {
        try (ExecStream stream = exec(frame(1, "one ") + frame(1, "two").substring(0, 9), "{}")) {
            assertThrows(EOFException.class, () -> stream.out().readAllBytes());
        }
        try (ExecStream stream = exec(frame(1, "one ") + "\1\0\0", "{}")) {
            assertThrows(EOFException.class, () -> stream.out().readAllBytes());
        }
    }

    @Test
    void container_inAnyNetwork_isFoundWithItsAddresses() {
        fake.answer(
                "GET /v1.41/containers/shop%2Fdb/json",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "40\r\n{\"Id\":\"abc\",\"Name\":\"/db\",\"Config\":{\"Image\":\"postgres:15\"},     \r\n"
                        + Integer.toHexString(REST.length()) + ";x=y\r\n" + REST + "\r\n0\r\n\r\n");
        Container container = Engine.at(socket).inspect("shop/db");
        assertEquals(
                new Container(
                        "abc",
                        "db",
                        "postgres:15",
                        Container.State.RUNNING,
                        Container.Health.HEALTHY,
                        List.of("172.18.0.3", "10.0.0.7", "fd00::3")),
                container);
        fake.json(
                "GET /v1.41/containers/h/json",
                "{\"Id\":\"h\",\"HostConfig\":{\"NetworkMode\":\"host\"},"
                        + "\"State\":{\"Running\":true,\"Paused\":true}}");
        Container host = Engine.at(socket).inspect("h");
        assertEquals(List.of("127.0.0.1"), host.addresses());
        assertFalse(host.running());
    }

    private static final String REST = "\"State\":{\"Running\":true,\"Health\":{\"Status\":\"healthy\"}},"
            + "\"NetworkSettings\":{\"Networks\":{"
            + "\"shop\":{\"IPAddress\":\"172.18.0.3\",\"GlobalIPv6Address\":\"fd00::3\"},"
            + "\"none\":{\"IPAddress\":\"\"},\"other\":{\"IPAddress\":\"10.0.0.7\"}}}}";

    @Test
    void engine_thatRefuses_isQuotedInASentence() {
        fake.answer(
                "POST /v1.41/containers/db/exec",
                "HTTP/1.1 409 Conflict\r\nContent-Length: 38\r\n\r\n{\"message\":\"container db is not running\"}"
                        .replace("38", "41"));
        Engine engine = Engine.at(socket);
        ContainerFault refused =
                assertThrows(ContainerFault.Refused.class, () -> engine.exec("db", Exec.of(List.of("true"))));
        assertEquals("container db is not running", refused.getMessage());
        assertThrows(ContainerFault.Missing.class, () -> engine.inspect("nobody"));
        assertThrows(ContainerFault.Unreachable.class, () -> Engine.at(root.resolve("nothing")));
    }

    @Test
    void versions_ofBothSides_areNegotiated() {
        assertEquals("1.41", Engine.negotiated("1.41"));
        assertEquals("1.47", Engine.negotiated("1.52"));
        assertThrows(ContainerFault.Refused.class, () -> Engine.negotiated("1.39"));
        assertThrows(ContainerFault.Refused.class, () -> Engine.negotiated(""));
    }

    @Test
    void socket_thatIsSilent_isNotWaitedForForEver() throws IOException {
        try (UnixSocket silent = UnixSocket.connect(socket, Duration.ofMillis(50))) {
            assertThrows(SocketTimeoutException.class, () -> silent.in().read());
        }
    }
}

package io.cairn.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.Node;
import io.cairn.server.NodeOptions;
import io.cairn.server.Role;
import io.cairn.server.RootKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load generator against a whole node in this process: every operation for a moment. */
class S3LoadTest {
    private static final Duration MOMENT = Duration.ofMillis(150);
    private static final long OBJECTS = 1_200;
    private static final int BYTES = 4096;

    @TempDir
    static Path directory;

    private static Node node;
    private static S3Calls calls;
    private static final ByteBuffer CONTENT = MachineLimits.random(BYTES);

    @BeforeAll
    static void start() throws IOException {
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        node = Node.start(
                new NodeOptions(
                        List.of(directory.resolve("data")),
                        any,
                        any,
                        Set.of(Role.STORE),
                        Optional.empty(),
                        false,
                        List.of("localhost"),
                        "us-east-1",
                        Optional.empty(),
                        Optional.of(new RootKey(ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY))),
                "test");
        calls = new S3Calls(node.s3Address(), ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY);
        expectSuccess(S3Load.count(node.s3Address(), () -> calls.createBucket("bench"), 1, 1));
        CallPool.Fresh puts = new CallPool.Fresh(number -> calls.put("bench", OperationBench.key(number), CONTENT));
        S3Load.Result loaded = S3Load.count(node.s3Address(), puts.prepare(OBJECTS), 16, OBJECTS);
        expectSuccess(loaded);
        assertEquals(OBJECTS, loaded.calls());
        assertEquals(OBJECTS * BYTES, loaded.bytes());
        assertEquals(OBJECTS, puts.used());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void reads_ofSmallObjects_allSucceed() throws IOException {
        S3Load.Result gets = load(number -> calls.get("bench", OperationBench.key(number), BYTES));
        assertEquals(gets.calls() * BYTES, gets.bytes());
        load(number -> calls.head("bench", OperationBench.key(number), BYTES));
    }

    @Test
    void listing_ofAThousandKeys_holdsThemAll() throws IOException {
        S3Load.Result pages = load(number -> calls.list("bench", OperationBench.key(number % 100)));
        assertTrue(pages.bytes() / pages.calls() > 100_000, "a page of 1,000 keys has more than 100,000 bytes");
    }

    @Test
    void putsAndDeletes_ofOwnKeys_allSucceed() throws IOException {
        CallPool.Fresh puts = new CallPool.Fresh(number -> calls.put("bench", "own/" + number, CONTENT));
        expectSuccess(S3Load.run(node.s3Address(), puts, 8, MOMENT));
        CallPool.Fresh deletes = new CallPool.Fresh(number -> calls.delete("bench", "own/" + number));
        expectSuccess(S3Load.count(node.s3Address(), deletes, 8, puts.used()));
    }

    @Test
    void uploads_largerThanTheSocketTakes_areReadBackWhole() throws IOException {
        ByteBuffer large = MachineLimits.random(5 << 20);
        expectSuccess(S3Load.count(node.s3Address(), () -> calls.put("bench", "large", large), 2, 4));
        S3Load.Result reads =
                S3Load.count(node.s3Address(), () -> calls.get("bench", "large", large.remaining()), 2, 4);
        expectSuccess(reads);
        assertEquals(4L * large.remaining(), reads.bytes());
    }

    @Test
    void answers_thatAreNoSuccess_areCounted() throws IOException {
        S3Load.Result missing = S3Load.count(node.s3Address(), () -> calls.get("bench", "no-such-key", BYTES), 2, 10);
        assertEquals(10, missing.failures());
        assertTrue(
                missing.complaint().contains("404") && missing.complaint().contains("NoSuchKey"), missing.complaint());
        S3Calls stranger = new S3Calls(node.s3Address(), ServerProcess.ACCESS_KEY, "another-secret");
        assertEquals(
                1,
                S3Load.count(node.s3Address(), () -> stranger.list("bench", ""), 1, 1)
                        .failures());
    }

    @Test
    void server_thatIsNotThere_endsTheRun() {
        InetSocketAddress nowhere = new InetSocketAddress("127.0.0.1", 1);
        assertThrows(IOException.class, () -> S3Load.count(nowhere, () -> calls.list("bench", ""), 1, 1));
    }

    private static S3Load.Result load(java.util.function.LongFunction<SignedCall> maker) throws IOException {
        Supplier<SignedCall> source = CallPool.again(200, maker);
        S3Load.Result result = S3Load.run(node.s3Address(), source, 8, MOMENT);
        expectSuccess(result);
        assertTrue(result.calls() >= 8, "calls were made: " + result.calls());
        assertEquals(result.calls(), result.micros().getTotalCount());
        return result;
    }

    private static void expectSuccess(S3Load.Result result) {
        assertEquals(0, result.failures(), result.complaint());
    }
}

package io.cairn.acceptance.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.crash.S3Client;
import io.cairn.server.Node;
import io.cairn.server.NodeOptions;
import io.cairn.server.Role;
import io.cairn.server.RootKey;
import io.cairn.testkit.Property;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests to the S3 face of a whole node, each answer compared with the reference model.
 * {@code -Dcairn.steps=100000} for more; {@code -Dcairn.seed=N} repeats a run exactly.
 */
final class ModelTest {
    private static final String ACCESS_KEY = "CAIRNMODELTEST";
    private static final String SECRET_KEY = "every-answer-is-compared";
    private static final int FAST_STEPS = 600;
    private static final int SLOW_STEPS = 20_000;

    @TempDir
    Path directory;

    @Test
    void answers_ofRandomRequests_areThoseOfTheModel() throws Exception {
        run(FAST_STEPS);
    }

    @Test
    @Tag("slow")
    void answers_ofManyRandomRequests_areThoseOfTheModel() throws Exception {
        run(Integer.getInteger("cairn.steps", SLOW_STEPS));
    }

    private void run(int steps) throws Exception {
        long seed = Property.seed();
        System.out.println("seed " + seed + ", " + steps + " steps");
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        NodeOptions options = new NodeOptions(
                List.of(directory.resolve("drive")),
                any,
                any,
                Set.of(Role.STORE),
                Optional.empty(),
                false,
                List.of("localhost"),
                "us-east-1",
                Optional.empty(),
                Optional.of(new RootKey(ACCESS_KEY, SECRET_KEY)));
        try (Node node = Node.start(options, "test");
                S3Client client = new S3Client(
                        URI.create("http://127.0.0.1:" + node.s3Address().getPort()), ACCESS_KEY, SECRET_KEY)) {
            RandomRequests requests = new RandomRequests(client, new SplittableRandom(seed));
            for (int step = 0; step < steps; step++) {
                try {
                    requests.step();
                } catch (AssertionError difference) {
                    throw new AssertionError(
                            "step " + step + " of seed " + seed + " differs; the last requests were\n"
                                    + requests.history(),
                            difference);
                }
            }
            assertTrue(requests.kinds() > 12, "all kinds of requests were made: " + requests.kinds());
        }
    }
}

package io.cairn.repository.store;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.Credentials;
import io.cairn.client.Endpoint;
import io.cairn.client.Patience;
import io.cairn.client.S3Client;
import io.cairn.testkit.FakeS3;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The contract, kept in a bucket of a server in memory. */
abstract class BucketContract extends BackendContract {
    static final Patience SHORT = new Patience(
            Duration.ofSeconds(5), Duration.ofSeconds(5), 1 << 20, 8, Duration.ofMillis(1), Duration.ofMillis(2));

    private final List<AutoCloseable> open = new ArrayList<>();

    abstract FakeS3 server();

    @Override
    Backend backend() {
        FakeS3 server = server();
        open.add(server);
        Backend store = store(server, Optional.empty());
        store.prepare();
        return store;
    }

    static S3Store store(FakeS3 server, Optional<Period> lock) {
        S3Client client = new S3Client(
                Endpoint.of(server.address(), Endpoint.Style.PATH),
                () -> new Credentials("key", "secret", Optional.empty()),
                SHORT,
                Optional.empty(),
                Clock.system(),
                Entropy.seeded(1),
                _ -> {});
        return new S3Store(client.bucket("bucket"), "some/prefix/", lock, Clock.system(), Entropy.seeded(1));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }
}

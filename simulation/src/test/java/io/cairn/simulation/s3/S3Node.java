package io.cairn.simulation.s3;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.consensus.MemoryLog;
import io.cairn.engine.DriveOpener;
import io.cairn.engine.EngineOptions;
import io.cairn.engine.ObjectStore;
import io.cairn.http.HttpServer;
import io.cairn.http.HttpServerOptions;
import io.cairn.metadata.MetadataOptions;
import io.cairn.metadata.MetadataStore;
import io.cairn.model.CommandLog;
import io.cairn.model.DriveId;
import io.cairn.model.ShardStore;
import io.cairn.s3.RequestObserver;
import io.cairn.s3.S3Options;
import io.cairn.s3.S3Service;
import io.cairn.shards.Drive;
import io.cairn.shards.DriveOptions;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A whole node behind its S3 listener: the real metadata and one real drive, with the log in memory. */
final class S3Node implements AutoCloseable {
    static final String ACCESS_KEY = "root";
    static final String SECRET_KEY = "root-secret-key";
    static final String REGION = "us-east-1";

    private static final int TOLD_SECONDS = 10;

    private final ObjectStore store;
    private final MemoryLog log;
    private final HttpServer server;
    private final BlockingQueue<RequestObserver.Completed> completed = new LinkedBlockingQueue<>();

    private S3Node(Path root, int port, boolean observed, UnaryOperator<CommandLog> around) {
        MetadataStore metadata = MetadataStore.open(root.resolve("metadata"), MetadataOptions.defaults());
        log = new MemoryLog(metadata);
        Path directory = root.resolve("drive");
        Map<Path, ShardStore> drives = new LinkedHashMap<>();
        drives.put(directory, drive(directory));
        store = ObjectStore.open(new ObjectStore.Setup(
                EngineOptions.defaults(),
                around.apply(log),
                "node-1",
                drives,
                new NoMoreDrives(),
                Optional.empty(),
                Clock.system(),
                Entropy.secure()));
        S3Options options = new S3Options(ACCESS_KEY, SECRET_KEY, List.of("localhost"), REGION);
        RequestObserver observer = observed ? completed::add : RequestObserver.none();
        S3Service service = new S3Service(store, options, Clock.system(), Entropy.secure(), observer);
        server = HttpServer.start(
                HttpServerOptions.defaults(new InetSocketAddress("127.0.0.1", port))
                        .withErrors(service.protocolErrors()),
                service);
    }

    static S3Node start(Path root) {
        return start(root, UnaryOperator.identity());
    }

    /** @param around puts something between the engine and its log */
    static S3Node start(Path root, UnaryOperator<CommandLog> around) {
        return new S3Node(root, 0, true, around);
    }

    private static Drive drive(Path directory) {
        if (!Files.isDirectory(directory)) {
            Drive.format(directory, new DriveId(new UUID(1, 2)), "test");
        }
        return Drive.open(
                directory,
                DriveOptions.standard().withSegments(4L << 20, 16L << 20).withReserve(1 << 20, 1 << 20));
    }

    /** Serves a directory on a port until it is killed, for trying clients by hand. */
    public static void main(String[] arguments) throws InterruptedException {
        new S3Node(Path.of(arguments[0]), Integer.parseInt(arguments[1]), false, UnaryOperator.identity());
        Thread.currentThread().join();
    }

    ObjectStore store() {
        return store;
    }

    InetSocketAddress address() {
        return server.address();
    }

    /** What the observer was told of a request; waits for it, since it is told after the response. */
    RequestObserver.Completed completed(String requestId) throws InterruptedException {
        while (true) {
            RequestObserver.Completed next = completed.poll(TOLD_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the observer was not told of request " + requestId);
            }
            if (next.requestId().equals(requestId)) {
                return next;
            }
        }
    }

    @Override
    public void close() {
        server.close();
        store.close();
        log.close();
    }

    private static final class NoMoreDrives implements DriveOpener {
        @Override
        public Found open(Path directory) {
            return new Found.Unusable("there is one drive only");
        }

        @Override
        public ShardStore format(Path directory) {
            throw new UnsupportedOperationException("there is one drive only");
        }
    }
}

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
import io.cairn.model.DriveId;
import io.cairn.model.ShardStore;
import io.cairn.s3.RequestObserver;
import io.cairn.s3.S3Options;
import io.cairn.s3.S3Service;
import io.cairn.shards.Drive;
import io.cairn.shards.DriveOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A whole node behind its S3 listener: the real metadata and one real drive, with the log in memory. */
final class S3Node implements AutoCloseable {
    static final String ACCESS_KEY = "root";
    static final String SECRET_KEY = "root-secret-key";
    static final String REGION = "us-east-1";

    private final ObjectStore store;
    private final MemoryLog log;
    private final HttpServer server;
    private final List<RequestObserver.Completed> completed = new CopyOnWriteArrayList<>();

    private S3Node(Path root, int port, boolean observed) {
        MetadataStore metadata = MetadataStore.open(root.resolve("metadata"), MetadataOptions.defaults());
        log = new MemoryLog(metadata);
        Path directory = root.resolve("drive");
        Map<Path, ShardStore> drives = new LinkedHashMap<>();
        drives.put(directory, drive(directory));
        store = ObjectStore.open(new ObjectStore.Setup(
                EngineOptions.defaults(),
                log,
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
        return new S3Node(root, 0, true);
    }

    private static Drive drive(Path directory) {
        if (!java.nio.file.Files.isDirectory(directory)) {
            Drive.format(directory, new DriveId(new java.util.UUID(1, 2)), "test");
        }
        return Drive.open(
                directory,
                DriveOptions.standard().withSegments(4L << 20, 16L << 20).withReserve(1 << 20, 1 << 20));
    }

    /** Serves a directory on a port until it is killed, for trying clients by hand. */
    public static void main(String[] arguments) throws InterruptedException {
        new S3Node(Path.of(arguments[0]), Integer.parseInt(arguments[1]), false);
        Thread.currentThread().join();
    }

    ObjectStore store() {
        return store;
    }

    InetSocketAddress address() {
        return server.address();
    }

    /** The requests that the observer was told of. */
    List<RequestObserver.Completed> completed() {
        return completed;
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

package io.cairn.server;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.consensus.RatisLog;
import io.cairn.console.AdminAuthentication;
import io.cairn.console.AdminHandler;
import io.cairn.console.NodeFacts;
import io.cairn.engine.EngineOptions;
import io.cairn.engine.ObjectStore;
import io.cairn.http.HttpServer;
import io.cairn.http.ProtocolErrorRenderer;
import io.cairn.model.Redundancy;
import io.cairn.model.UserRow;
import io.cairn.s3.RequestObserver;
import io.cairn.s3.S3Options;
import io.cairn.s3.S3Service;
import io.cairn.shards.DriveOptions;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role {@code store}: drives, metadata log, engine and the two listeners. Starting opens them from the bottom up;
 * closing stops them from the top down, so that a request that was accepted is also finished. Thread-safe.
 */
final class StoreRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRole.class);

    private final RootKey rootKey;
    private final boolean first;
    private final RatisLog log;
    private final ObjectStore store;
    private final MemberKeeper members;
    private final HttpServer s3;
    private final HttpServer admin;

    /**
     * Opens everything and starts to listen; what was opened is pushed, for the caller to close when this fails.
     *
     * @param others what other roles add to health and metrics
     */
    StoreRole(NodeOptions options, String version, Node.OtherRoles others, Deque<AutoCloseable> opened) {
        Clock clock = Clock.system();
        Entropy entropy = Entropy.secure();
        long begun = clock.nanos();
        Listener s3Listener = push(opened, Listener.begin("listen", options.tcp(options.listen())));
        Listener adminListener = push(opened, Listener.begin("admin", options.tcp(options.admin())));
        DriveOptions driveOptions = DriveOptions.standard();
        OpenedDrives drives = OpenedDrives.open(options.data(), driveOptions, entropy);
        opened.push(drives::close);
        first = drives.first();
        rootKey = options.rootKey()
                .orElseGet(() -> RootKeyFile.findOrMake(drives.open().keySet(), entropy));
        log = push(opened, MetadataLog.open(drives));
        OpenedDrives.Opener opener = new OpenedDrives.Opener(drives.cluster(), driveOptions, entropy);
        store = push(
                opened,
                ObjectStore.open(new ObjectStore.Setup(
                        EngineOptions.defaults(),
                        log,
                        drives.cluster(),
                        drives.open(),
                        opener,
                        options.redundancy(),
                        clock,
                        entropy)));
        options.redundancy().ifPresent(this::warnOfOtherRedundancy);
        members = push(opened, MemberKeeper.start(log, store, clock));
        Joining.welcome(store, drives);
        SecretLookup secrets = new SecretLookup(rootKey, store);
        S3Options face = new S3Options(rootKey.accessKey(), rootKey.secretKey(), options.domains(), options.region());
        S3Service service = new S3Service(store, face, clock, entropy, RequestObserver.none());
        s3 = s3Listener.serve(service, service.protocolErrors());
        NodeFacts facts = new NodeFacts(
                drives.cluster(),
                version,
                clock,
                clock.nanos(),
                () -> httpMetrics() + others.metrics(),
                others::problems);
        AdminAuthentication authentication = new AdminAuthentication(rootKey.accessKey(), secrets::secret, clock);
        admin = adminListener.serve(new AdminHandler(store, facts, authentication), ProtocolErrorRenderer.plainText());
        LOG.info(
                "listening after {} ms: S3 on {}, admin on {}",
                (clock.nanos() - begun) / 1_000_000,
                s3.address(),
                admin.address());
    }

    /** What objects are kept with is chosen once; an option that says something else would be believed. */
    private void warnOfOtherRedundancy(Redundancy asked) {
        Redundancy kept = store.placement().large();
        if (!asked.equals(kept)) {
            LOG.warn("--redundancy {} changes nothing: this store was made with, or has grown to, {}", asked, kept);
        }
    }

    private static <T extends AutoCloseable> T push(Deque<AutoCloseable> opened, T part) {
        opened.push(part);
        return part;
    }

    private String httpMetrics() {
        return HttpMetrics.render(s3.stats(), "s3") + HttpMetrics.render(admin.stats(), "admin");
    }

    boolean first() {
        return first;
    }

    RootKey rootKey() {
        return rootKey;
    }

    HttpServer s3() {
        return s3;
    }

    HttpServer admin() {
        return admin;
    }

    ObjectStore objects() {
        return store;
    }

    /** Finishes what was accepted, then closes everything. */
    @Override
    public void close() {
        s3.close();
        admin.close();
        members.close();
        store.close();
        log.close();
    }

    /** Secrets of enabled access keys, the root key included. */
    private record SecretLookup(RootKey root, ObjectStore store) {
        Optional<String> secret(String accessKey) {
            if (accessKey.equals(root.accessKey())) {
                return Optional.of(root.secretKey());
            }
            return store.users().find(accessKey).filter(UserRow::enabled).map(UserRow::secretKey);
        }
    }
}

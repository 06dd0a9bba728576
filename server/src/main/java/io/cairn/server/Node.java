package io.cairn.server;

import io.cairn.base.Checks;
import io.cairn.engine.ObjectStore;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: its roles, started beside each other. A node without a store loads no class of the store's libraries.
 * Thread-safe.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final @Nullable StoreRole store;
    private final @Nullable VolumesRole volumes;
    private final @Nullable BackupRole backup;
    private final Optional<String> withoutVolumes;

    private Node(
            @Nullable StoreRole store,
            @Nullable VolumesRole volumes,
            @Nullable BackupRole backup,
            Optional<String> withoutVolumes) {
        this.store = store;
        this.volumes = volumes;
        this.backup = backup;
        this.withoutVolumes = withoutVolumes;
    }

    /**
     * Starts the roles. What fails is a {@link StartFault} or a fault of the storage, and closes what was opened until
     * then; but volumes that are not required may fail alone, and {@link #withoutVolumes} says why.
     */
    public static Node start(NodeOptions options, String version) {
        CompletableFuture<Optional<VolumesRole>> volumes = volumes(options, version);
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        boolean started = false;
        try {
            BackupRole backup = options.backup()
                    .map(setup -> BackupRole.start(setup, System.getenv()))
                    .orElse(null);
            if (backup != null) {
                opened.push(backup);
            }
            StoreRole store = options.roles().contains(Role.STORE)
                    ? new StoreRole(options, version, new OtherRoles(volumes, Optional.ofNullable(backup)), opened)
                    : null;
            Optional<String> refusal = refusal(options, volumes);
            Node node =
                    new Node(store, refusal.isPresent() ? null : volumes.join().orElse(null), backup, refusal);
            started = true;
            return node;
        } finally {
            if (!started) {
                opened.forEach(Node::closeQuietly);
                volumes.thenAccept(role -> role.ifPresent(Node::closeQuietly));
            }
        }
    }

    private static CompletableFuture<Optional<VolumesRole>> volumes(NodeOptions options, String version) {
        CompletableFuture<Optional<VolumesRole>> role = new CompletableFuture<>();
        if (options.volumes().isEmpty()) {
            role.complete(Optional.empty());
            return role;
        }
        VolumesSetup setup = options.volumes().get();
        Thread.ofPlatform().name("cairn-volumes-start").daemon(true).start(() -> {
            try {
                role.complete(Optional.of(VolumesRole.start(options, setup, version)));
            } catch (Throwable failure) {
                role.completeExceptionally(failure);
            }
        });
        return role;
    }

    /** Why there are no volumes although they were asked for; thrown when they are required. */
    private static Optional<String> refusal(NodeOptions options, CompletableFuture<Optional<VolumesRole>> volumes) {
        try {
            Optional<VolumesRole> _ = volumes.join();
            return Optional.empty();
        } catch (CompletionException failed) {
            boolean required = options.volumes().map(VolumesSetup::required).orElse(true);
            if (!required && failed.getCause() instanceof StartFault fault) {
                return Optional.of(String.valueOf(fault.getMessage()));
            }
            throw failed.getCause() instanceof RuntimeException fault ? fault : failed;
        }
    }

    static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception fault) {
            LOG.warn("closing after a failed start: {}", fault.getMessage());
        }
    }

    private StoreRole role() {
        Checks.check(store != null, "a node with the role store");
        return java.util.Objects.requireNonNull(store);
    }

    /** Whether the node has a store, and with it the two TCP listeners. */
    public boolean hasStore() {
        return store != null;
    }

    /** Whether this start made the drives. Of a node with a store. */
    public boolean first() {
        return role().first();
    }

    /** Of a node with a store. */
    public RootKey rootKey() {
        return role().rootKey();
    }

    /** Of a node with a store. */
    public InetSocketAddress s3Address() {
        return role().s3().address();
    }

    /** The admin listener's address; absent on a node of volumes alone that was not asked for one. */
    public Optional<InetSocketAddress> admin() {
        if (store != null) {
            return Optional.of(store.admin().address());
        }
        return volumes == null ? Optional.empty() : volumes.admin();
    }

    /** Of a node with a store. */
    public InetSocketAddress adminAddress() {
        return role().admin().address();
    }

    /** Of a node with a store. */
    public ObjectStore store() {
        return role().objects();
    }

    /** How volumes are served, when they are. */
    public Optional<VolumesSetup> volumes() {
        return volumes == null ? Optional.empty() : Optional.of(volumes.setup());
    }

    /** Why volumes are not served although the node would have liked to. */
    public Optional<String> withoutVolumes() {
        return withoutVolumes;
    }

    /** Finishes what was accepted, then closes everything. */
    @Override
    public void close() {
        if (backup != null) {
            backup.close();
        }
        if (volumes != null) {
            volumes.close();
        }
        if (store != null) {
            store.close();
        }
    }

    /** What other roles add to pages of the store, once they have started. */
    record OtherRoles(CompletableFuture<Optional<VolumesRole>> volumes, Optional<BackupRole> backup) {
        private Optional<VolumesRole> started() {
            boolean there = volumes.isDone() && !volumes.isCompletedExceptionally();
            return there ? volumes.join() : Optional.empty();
        }

        String metrics() {
            return started().map(VolumesRole::metrics).orElse("")
                    + backup.map(BackupRole::metrics).orElse("");
        }

        List<String> problems() {
            List<String> problems =
                    new ArrayList<>(started().map(VolumesRole::problems).orElse(List.of()));
            backup.ifPresent(role -> problems.addAll(role.problems()));
            return problems;
        }
    }
}

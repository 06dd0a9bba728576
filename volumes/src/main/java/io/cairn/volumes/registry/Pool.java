package io.cairn.volumes.registry;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.volumes.VolumesFault;
import io.cairn.volumes.spec.PoolSettings;
import io.cairn.volumes.spec.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pool directory: where its files are, and whether it is there. A pool that cannot be used says why and can be tried
 * again. Safe for many threads.
 */
public final class Pool {
    private static final String IDENTITY = "pool.json";
    /** What may be in the directory of a new pool: the filesystem's own, and mountpoints that were made before. */
    private static final Set<String> OF_OTHERS = Set.of("lost+found", "mnt");

    private final PoolSettings settings;
    private final RegistryFiles files;
    private final KnownPools known;
    private final boolean makesItself;
    private @Nullable VolumeId identity;
    /** What was read when the identity was found: the same bytes are the same pool. */
    private byte[] identityText = {};

    private @Nullable AutoCloseable lock;
    private String whyClosed = "";

    /** {@code makesItself} lets the directory be made where there is none; its parent must be there. */
    public Pool(PoolSettings settings, RegistryFiles files, KnownPools known, boolean makesItself) {
        this.settings = settings;
        this.files = files;
        this.known = known;
        this.makesItself = makesItself;
    }

    public PoolSettings settings() {
        return settings;
    }

    public String name() {
        return settings.name();
    }

    public Path directory() {
        return settings.directory();
    }

    public Path volumes() {
        return directory().resolve("volumes");
    }

    public Path ballast() {
        return directory().resolve("ballast");
    }

    public Path volume(VolumeId id) {
        return volumes().resolve(id.text());
    }

    public Path record(VolumeId id) {
        return volume(id).resolve("volume.json");
    }

    public Path image(VolumeId id) {
        return volume(id).resolve("image");
    }

    /** Where an image is made that is to take the place of {@link #image}. */
    public Path imageNew(VolumeId id) {
        return volume(id).resolve("image.new");
    }

    public Path snapshots(VolumeId id) {
        return volume(id).resolve("snapshots");
    }

    public Path snapshot(VolumeId id, VolumeId snapshot) {
        return snapshots(id).resolve(snapshot.text());
    }

    /** True while the pool is open: it was found, and is locked for this process. */
    public synchronized boolean isOpen() {
        return lock != null;
    }

    /** Opens the pool if it is not open; makes it if the directory is empty and new. Returns why it cannot be used. */
    public synchronized Optional<String> open(Clock clock, Entropy entropy) {
        if (lock != null) {
            return problem();
        }
        Optional<String> problem = take(clock, entropy);
        whyClosed = problem.orElse("");
        return problem;
    }

    private Optional<String> take(Clock clock, Entropy entropy) {
        try {
            Optional<String> problem = find(clock, entropy);
            if (problem.isPresent()) {
                return problem;
            }
            Optional<AutoCloseable> taken = files.lock(directory().resolve("lock"));
            if (taken.isEmpty()) {
                identity = null;
                return Optional.of(this + " is in use by another process");
            }
            lock = taken.get();
            return Optional.empty();
        } catch (IOException failure) {
            identity = null;
            return Optional.of(this + " cannot be opened: " + VolumesFault.reason(failure));
        }
    }

    private Optional<String> find(Clock clock, Entropy entropy) throws IOException {
        Optional<VolumeId> expected = known.at(directory());
        if (!Files.isDirectory(directory()) && makesItself && expected.isEmpty()) {
            files.makeDirectory(directory());
        }
        Optional<String> missing = missing(expected);
        if (missing.isPresent()) {
            return missing;
        }
        if (Files.notExists(directory().resolve(IDENTITY))) {
            List<String> foreign = files.list(directory()).stream()
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !OF_OTHERS.contains(name) && !name.equals(IDENTITY + ".new"))
                    .toList();
            if (!foreign.isEmpty()) {
                return Optional.of(this + " is neither a pool nor empty: it holds '" + foreign.getFirst()
                        + "'; give it an empty directory");
            }
            var fresh = new PoolIdentity(VolumeId.random(entropy), clock.now());
            files.replace(directory().resolve(IDENTITY), fresh.encode());
        }
        Optional<String> damaged = identify(expected);
        if (damaged.isPresent()) {
            return damaged;
        }
        files.makeDirectory(volumes());
        known.remember(directory(), identified());
        return Optional.empty();
    }

    private Optional<String> missing(Optional<VolumeId> expected) {
        if (!Files.isDirectory(directory(), LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory())) {
            return Optional.of(
                    expected.isPresent()
                            ? this + " is not there: there is no such directory; mount what it lies on, or forget the"
                                    + " pool if it is gone for good"
                            : this + " has no directory; make it, or mount what it lies on");
        }
        if (expected.isPresent() && Files.notExists(directory().resolve(IDENTITY))) {
            return Optional.of(this + " is not there: the directory has no " + IDENTITY
                    + "; mount what it lies on, or forget the pool if it is gone for good");
        }
        return Optional.empty();
    }

    private Optional<String> identify(Optional<VolumeId> expected) throws IOException {
        try {
            byte[] text =
                    files.read(directory().resolve(IDENTITY)).orElseThrow(() -> new IllegalArgumentException("gone"));
            if (identity != null && Arrays.equals(text, identityText)) {
                return Optional.empty();
            }
            PoolIdentity found = PoolIdentity.decode(text);
            if (expected.isPresent() && !expected.get().equals(found.id())) {
                return Optional.of(this + " is another pool than before: " + found.id() + " in place of "
                        + expected.get() + "; mount the right one, or forget the former");
            }
            identity = found.id();
            identityText = text;
            return Optional.empty();
        } catch (IllegalArgumentException damaged) {
            return Optional.of(
                    this + " cannot be opened: " + directory().resolve(IDENTITY) + ": " + damaged.getMessage());
        }
    }

    private synchronized VolumeId identified() {
        return java.util.Objects.requireNonNull(identity, "a pool that was found has an identity");
    }

    /** Why the pool cannot be used now: not open, unmounted since, or another one. Empty when it can. */
    public synchronized Optional<String> problem() {
        if (lock == null || identity == null) {
            return Optional.of(whyClosed.isEmpty() ? this + " is not open" : whyClosed);
        }
        try {
            Optional<String> missing = missing(Optional.of(identity));
            return missing.isPresent() ? missing : identify(Optional.of(identity));
        } catch (IOException failure) {
            return Optional.of(this + " cannot be read: " + VolumesFault.reason(failure));
        }
    }

    /** Lets go of the lock. */
    public synchronized void close() {
        AutoCloseable held = lock;
        lock = null;
        if (held != null) {
            try {
                held.close();
            } catch (Exception failure) {
                throw new VolumesFault("cannot unlock " + this + ": " + VolumesFault.reason(failure), failure);
            }
        }
    }

    @Override
    public String toString() {
        return "pool '" + name() + "' at " + directory();
    }
}

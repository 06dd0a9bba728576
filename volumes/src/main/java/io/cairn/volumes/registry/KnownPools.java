package io.cairn.volumes.registry;

import io.cairn.volumes.VolumesFault;
import io.cairn.volumes.spec.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which pools this host has, by directory: {@code pools.json} in the state directory. What is missing from its
 * directory is not mounted, rather than new. Safe for many threads.
 */
public final class KnownPools {
    /** The content of the file. */
    private record Content(SortedMap<String, VolumeId> pools) {}

    private final RegistryFiles files;
    private final Path file;
    private final SortedMap<String, VolumeId> pools;

    private KnownPools(RegistryFiles files, Path file, SortedMap<String, VolumeId> pools) {
        this.files = files;
        this.file = file;
        this.pools = new TreeMap<>(pools);
    }

    public static KnownPools open(RegistryFiles files, Path state) {
        Path file = state.resolve("pools.json");
        try {
            SortedMap<String, VolumeId> known = files.read(file)
                    .map(bytes -> Frame.decode(bytes, Content.class).pools())
                    .orElseGet(TreeMap::new);
            return new KnownPools(files, file, known);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new VolumesFault(
                    "cannot read the list of pools " + file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    synchronized Optional<VolumeId> at(Path directory) {
        return Optional.ofNullable(pools.get(directory.toString()));
    }

    synchronized void remember(Path directory, VolumeId pool) {
        if (!pool.equals(pools.put(directory.toString(), pool))) {
            write();
        }
    }

    /** Forgets a pool; false when it was not known. */
    public synchronized boolean forget(Path directory) {
        boolean known = pools.remove(directory.toString()) != null;
        if (known) {
            write();
        }
        return known;
    }

    private void write() {
        try {
            files.replace(file, Frame.encode(new Content(pools)));
        } catch (IOException failure) {
            throw new VolumesFault("cannot write the list of pools " + file + ": " + failure, failure);
        }
    }
}

package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The pools and storage classes of a host: those that are shipped, changed and added to by a configuration file.
 * {@code mounts} is where mountpoints are made, if the file says so; {@code containerGroups} are control groups in
 * which containers are beside those that engines use by default, such as {@code apps.slice}; {@code keys} are the words
 * of its table about the master key, which {@link io.cairn.volumes.keys.KeySource} reads.
 */
public record VolumesConfig(
        SequencedMap<String, PoolSettings> pools,
        SequencedMap<String, StorageClass> classes,
        String classDefault,
        Optional<Path> mounts,
        List<String> containerGroups,
        SequencedMap<String, String> keys) {
    /** The name of the pool that there always is. */
    public static final String POOL_DEFAULT = "default";

    public VolumesConfig {
        pools = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(pools));
        classes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(classes));
        containerGroups = List.copyOf(containerGroups);
        keys = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(keys));
        if (!classes.containsKey(classDefault)) {
            throw new IllegalArgumentException("unknown class " + Quoted.of(classDefault) + " as the default class"
                    + Words.suggestion(classDefault, classes.keySet()));
        }
        for (StorageClass each : classes.values()) {
            if (!pools.containsKey(each.pool())) {
                throw new IllegalArgumentException("class '" + each.name() + "' names the unknown pool "
                        + Quoted.of(each.pool()) + Words.suggestion(each.pool(), pools.keySet()));
            }
        }
    }

    /** The shipped classes on one pool. */
    public static VolumesConfig shipped(Path poolDirectory) {
        var pools = new LinkedHashMap<String, PoolSettings>();
        pools.put(POOL_DEFAULT, PoolSettings.of(POOL_DEFAULT, poolDirectory));
        return new VolumesConfig(pools, shippedClasses(), "hot", Optional.empty(), List.of(), new LinkedHashMap<>());
    }

    /**
     * Reads a configuration file in TOML over the shipped classes. The pool {@code default} is at {@code poolDirectory}
     * unless the file says otherwise.
     *
     * @throws IllegalArgumentException when the file cannot be read, or says something that is not known or not
     *     possible; the message names the place and the nearest known word
     */
    public static VolumesConfig read(Path file, Path poolDirectory) {
        return ConfigFile.read(file, shipped(poolDirectory));
    }

    private static SequencedMap<String, StorageClass> shippedClasses() {
        var classes = new LinkedHashMap<String, StorageClass>();
        for (StorageClass each : List.of(
                StorageClass.plain("hot", "hot", ByteCount.gibibytes(10)),
                StorageClass.plain("warm", "warm", ByteCount.gibibytes(20)),
                StorageClass.plain("cold", "cold", ByteCount.gibibytes(50))
                        .with(FilesystemKind.EXT4, Profile.MEDIA, false, "none"),
                StorageClass.plain("database", "hot", ByteCount.gibibytes(20))
                        .with(FilesystemKind.XFS, Profile.DATABASE, false, "daily"),
                StorageClass.plain("wal", "hot", ByteCount.gibibytes(4))
                        .with(FilesystemKind.EXT4, Profile.WAL, true, "none"),
                StorageClass.plain("media", "warm", ByteCount.gibibytes(50))
                        .with(FilesystemKind.XFS, Profile.MEDIA, false, "weekly"),
                StorageClass.plain("scratch", "hot", ByteCount.gibibytes(1))
                        .with(FilesystemKind.EXT4, Profile.SCRATCH, false, "none"))) {
            classes.put(each.name(), each);
        }
        return classes;
    }

    StorageClass named(String name) {
        StorageClass found = classes.get(name);
        if (found == null) {
            throw new IllegalArgumentException("unknown class " + Quoted.of(name)
                    + Words.suggestion(name, classes.keySet()) + "; known are " + String.join(", ", classes.keySet()));
        }
        return found;
    }
}

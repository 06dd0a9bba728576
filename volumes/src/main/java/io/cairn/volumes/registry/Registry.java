package io.cairn.volumes.registry;

import io.cairn.volumes.VolumesFault;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The volumes of all open pools, in memory as they are on disk. Reading waits for nothing; a write is durable before it
 * is seen. Safe for many threads; whoever changes a volume has it for himself.
 */
public final class Registry {
    private final RegistryFiles files;
    private final Map<VolumeId, Entry> volumes = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<VolumeName, VolumeId> names = new ConcurrentSkipListMap<>();
    private final Map<VolumeName, String> damaged = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    public Registry(RegistryFiles files) {
        this.files = files;
    }

    public RegistryFiles files() {
        return files;
    }

    /** Reads all volumes of a pool that has just been opened. */
    public void load(Pool pool) {
        for (Path directory : list(pool.volumes())) {
            if (VolumeId.isOne(directory.getFileName().toString())) {
                read(pool, new VolumeId(directory.getFileName().toString()));
            } else {
                problems.add(directory + " is not the directory of a volume; it is left alone");
            }
        }
    }

    /** What was found in pools and could not be read, or is not ours. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private void read(Pool pool, VolumeId id) {
        Path file = pool.record(id);
        byte[] bytes;
        try {
            Optional<byte[]> found = files.read(file);
            if (found.isEmpty()) {
                removeIfEmpty(pool.volume(id));
                return;
            }
            bytes = found.get();
        } catch (IOException failure) {
            throw new VolumesFault("cannot read " + file + ": " + failure, failure);
        }
        try {
            VolumeRecord record = VolumeRecord.decode(bytes);
            if (!record.id().equals(id)) {
                throw new IllegalArgumentException("it is of the volume " + record.id());
            }
            publishLoaded(new Entry(pool, record));
        } catch (IllegalArgumentException unreadable) {
            String problem = file + " cannot be read: " + unreadable.getMessage() + "; its volume is left alone";
            problems.add(problem);
            Frame.nameIn(bytes).ifPresent(name -> damaged.put(name, problem));
        }
    }

    /** A creation that was interrupted before anything was written leaves directories without files. */
    private void removeIfEmpty(Path directory) {
        Path snapshots = directory.resolve("snapshots");
        Path fresh = directory.resolve("volume.json.new");
        List<Path> left = list(directory).stream()
                .filter(path -> !path.equals(fresh) && !path.equals(snapshots))
                .toList();
        if (!left.isEmpty() || !list(snapshots).isEmpty()) {
            problems.add(directory + " has no volume.json; it is left alone");
            return;
        }
        remove(fresh);
        remove(snapshots);
        remove(directory);
    }

    private void publishLoaded(Entry entry) {
        VolumeId other = names.get(entry.record().name());
        if (entry.record().phase() == Phase.READY && other != null && !other.equals(entry.id())) {
            problems.add("two volumes are named '" + entry.record().name() + "': " + other + " and " + entry.id()
                    + "; the second is left alone");
            return;
        }
        publish(entry);
    }

    private void publish(Entry entry) {
        volumes.put(entry.id(), entry);
        if (entry.record().phase() == Phase.READY) {
            names.put(entry.record().name(), entry.id());
        } else {
            names.remove(entry.record().name(), entry.id());
        }
    }

    /** The volume of that name that people see. */
    public Optional<Entry> find(VolumeName name) {
        return Optional.ofNullable(names.get(name)).flatMap(this::find);
    }

    public Optional<Entry> find(VolumeId id) {
        return Optional.ofNullable(volumes.get(id));
    }

    /** What is wrong with the record of a volume of that name, if there is a damaged one. */
    public Optional<String> damage(VolumeName name) {
        return Optional.ofNullable(damaged.get(name));
    }

    /** The volumes that people see, by name. */
    public List<Entry> visible() {
        return names.values().stream().map(this::find).flatMap(Optional::stream).toList();
    }

    /** Every volume, also those that are being created or removed. */
    public List<Entry> all() {
        return List.copyOf(volumes.values());
    }

    /** Makes the directory of a new volume and writes its first record. */
    public Entry add(Pool pool, VolumeRecord record) {
        try {
            files.makeDirectory(pool.volume(record.id()));
            files.makeDirectory(pool.snapshots(record.id()));
        } catch (IOException failure) {
            throw new VolumesFault(
                    "cannot make " + pool.volume(record.id()) + ": " + VolumesFault.reason(failure), failure);
        }
        return write(new Entry(pool, record));
    }

    /** Writes the record of a volume; seen by others when it is durable. */
    public Entry write(Entry entry) {
        Path file = entry.pool().record(entry.id());
        try {
            files.replace(file, entry.record().encode());
        } catch (IOException failure) {
            throw new VolumesFault("cannot write " + file + ": " + failure, failure);
        }
        publish(entry);
        return entry;
    }

    /** Removes the record and the directory of a volume whose other files are gone. */
    public void drop(Entry entry) {
        Path directory = entry.pool().volume(entry.id());
        remove(entry.pool().snapshots(entry.id()));
        remove(entry.pool().record(entry.id()).resolveSibling("volume.json.new"));
        remove(entry.pool().record(entry.id()));
        remove(directory);
        volumes.remove(entry.id());
        names.remove(entry.record().name(), entry.id());
    }

    /** Renames a file of a volume over another one, durably. */
    public void rename(Path from, Path to) {
        try {
            files.rename(from, to);
        } catch (IOException failure) {
            throw new VolumesFault("cannot rename " + from + " to " + to + ": " + failure, failure);
        }
    }

    private void remove(Path path) {
        try {
            files.remove(path);
        } catch (IOException failure) {
            throw new VolumesFault("cannot remove " + path + ": " + failure, failure);
        }
    }

    private List<Path> list(Path directory) {
        try {
            return files.list(directory);
        } catch (IOException failure) {
            throw new VolumesFault("cannot list " + directory + ": " + failure, failure);
        }
    }
}

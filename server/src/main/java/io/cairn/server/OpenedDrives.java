package io.cairn.server;

import io.cairn.base.Entropy;
import io.cairn.engine.DriveOpener;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import io.cairn.shards.Drive;
import io.cairn.shards.DriveInspection;
import io.cairn.shards.DriveOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drives of a node at start: tells a first start from a later one, never takes an empty directory for a drive that
 * was there before, and opens what can be opened.
 *
 * @param cluster the identity that all drives of the node share
 * @param first whether this start made the drives
 * @param open the open drives by directory, in the order given
 * @param blank directories that are empty although the node has drives already
 * @param missing what stands against each other directory
 */
record OpenedDrives(
        String cluster, boolean first, Map<Path, ShardStore> open, List<Path> blank, Map<Path, String> missing) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedDrives.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** Opens the drives in the directories, or makes them when all directories are new. */
    static OpenedDrives open(List<Path> directories, DriveOptions options, Entropy entropy) {
        Map<Path, DriveInspection> found = new LinkedHashMap<>();
        directories.forEach(directory -> found.put(directory, Drive.inspect(directory)));
        List<String> clusters = found.values().stream()
                .filter(DriveInspection.Formatted.class::isInstance)
                .map(inspection ->
                        ((DriveInspection.Formatted) inspection).identity().cluster())
                .distinct()
                .toList();
        if (clusters.size() > 1) {
            throw new StartFault("the data directories hold drives of different stores: " + clusters);
        }
        if (clusters.isEmpty()) {
            requireNew(found);
            String cluster = cluster(entropy);
            directories.forEach(directory -> format(directory, cluster, entropy));
            return openAll(cluster, true, directories, options, entropy);
        }
        return openAll(clusters.getFirst(), false, directories, options, entropy);
    }

    /** Opens the drives in the directories, which must be there already. */
    static OpenedDrives existing(List<Path> directories, DriveOptions options, Entropy entropy) {
        boolean any = directories.stream().anyMatch(path -> Drive.inspect(path) instanceof DriveInspection.Formatted);
        if (!any) {
            throw new StartFault("none of " + directories + " holds a drive");
        }
        return open(directories, options, entropy);
    }

    private static void requireNew(Map<Path, DriveInspection> found) {
        found.forEach((directory, inspection) -> {
            switch (inspection) {
                case DriveInspection.Missing _, DriveInspection.Blank _, DriveInspection.Formatted _ -> {}
                case DriveInspection.Foreign(List<String> names) ->
                    throw new StartFault("the data directory " + directory + " holds something else already (" + names
                            + "); give an empty or a new directory");
                case DriveInspection.Unreadable(String reason) ->
                    throw new StartFault("the drive in " + directory + " cannot be identified: " + reason);
            }
        });
    }

    private static OpenedDrives openAll(
            String cluster, boolean first, List<Path> directories, DriveOptions options, Entropy entropy) {
        Map<Path, ShardStore> open = new LinkedHashMap<>();
        List<Path> blank = new ArrayList<>();
        Map<Path, String> missing = new LinkedHashMap<>();
        Opener opener = new Opener(cluster, options, entropy);
        for (Path directory : directories) {
            switch (opener.open(directory)) {
                case DriveOpener.Found.Opened(ShardStore drive) -> open.put(directory, drive);
                case DriveOpener.Found.Blank _ -> blank.add(directory);
                case DriveOpener.Found.Unusable(String reason) -> missing.put(directory, reason);
            }
        }
        if (open.isEmpty()) {
            throw new StartFault("no drive can be opened: " + String.join("; ", missing.values()));
        }
        return new OpenedDrives(cluster, first, open, blank, missing);
    }

    private static String cluster(Entropy entropy) {
        return uuid(entropy).toString();
    }

    private static UUID uuid(Entropy entropy) {
        ByteBuffer random = ByteBuffer.wrap(entropy.bytes(Long.BYTES * 2));
        long high = random.getLong() & ~0xf000L | 0x4000L;
        long low = random.getLong() & ~(0xc0L << 56) | 0x80L << 56;
        return new UUID(high, low);
    }

    private static void format(Path directory, String cluster, Entropy entropy) {
        try {
            createDurably(directory.toAbsolutePath());
        } catch (IOException fault) {
            throw new StartFault("the data directory " + directory + " cannot be made: " + fault, fault);
        }
        Drive.format(directory, new DriveId(uuid(entropy)), cluster);
    }

    /** Makes the directory and those above it; the name of each is synced, or a power cut takes the whole drive. */
    private static void createDurably(Path directory) throws IOException {
        Path parent = directory.getParent();
        boolean there = Files.isDirectory(directory);
        if (parent == null || there && !Files.isReadable(parent)) {
            return;
        }
        if (!there) {
            createDurably(parent);
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        try (FileChannel names = FileChannel.open(parent, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /**
     * Takes a directory that others may enter, as mount points are, from everybody but its owner: the metadata in it
     * knows the secrets of all access keys.
     */
    private static void makePrivate(Path directory) {
        try {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(directory);
            if (!OWNER_ONLY.containsAll(before)) {
                Files.setPosixFilePermissions(directory, OWNER_ONLY);
            }
        } catch (IOException fault) {
            LOG.warn("{} may be open to other users of this machine: {}", directory, fault.toString());
        }
    }

    /** Opens and makes drives for the engine. Thread-safe. */
    record Opener(String cluster, DriveOptions options, Entropy entropy) implements DriveOpener {
        @Override
        public Found open(Path directory) {
            return switch (Drive.inspect(directory)) {
                case DriveInspection.Missing _ -> new Found.Unusable("the directory " + directory + " is missing");
                case DriveInspection.Blank _ -> new Found.Blank();
                case DriveInspection.Foreign(List<String> names) ->
                    new Found.Unusable("the directory " + directory + " holds something else: " + names);
                case DriveInspection.Unreadable(String reason) -> new Found.Unusable(reason);
                case DriveInspection.Formatted(var identity)
                when !identity.cluster().equals(cluster) ->
                    new Found.Unusable("the drive in " + directory + " belongs to another store");
                case DriveInspection.Formatted _ -> openFormatted(directory);
            };
        }

        private Found openFormatted(Path directory) {
            makePrivate(directory);
            try {
                return new Found.Opened(Drive.open(directory, options));
            } catch (StorageFault fault) {
                return new Found.Unusable(fault.getMessage());
            }
        }

        @Override
        public ShardStore format(Path directory) {
            if (!(Drive.inspect(directory) instanceof DriveInspection.Blank)) {
                throw new DriveFault(DriveFault.Kind.GONE, directory + " is not an empty directory");
            }
            OpenedDrives.format(directory, cluster, entropy);
            makePrivate(directory);
            return Drive.open(directory, options);
        }
    }

    /** Closes what is still open, when nobody else took it over. */
    void close() {
        open.values().forEach(ShardStore::close);
    }
}

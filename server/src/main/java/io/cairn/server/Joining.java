package io.cairn.server;

import io.cairn.engine.ObjectStore;
import io.cairn.model.StorageFault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets directories that were added to the command line of an existing node join it as new drives. */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    private Joining() {}

    /** Adds every blank directory that no known drive was ever at; others may be mount points without their drive. */
    static void welcome(ObjectStore store, OpenedDrives drives) {
        for (Path directory : drives.blank()) {
            if (known(store, directory)) {
                LOG.warn(
                        "the directory {} is empty, but a drive was there: is it mounted? A new disk in its place is"
                                + " added with `cairn drive add`",
                        directory);
            } else {
                add(store, directory);
            }
        }
        drives.missing().forEach((directory, reason) -> {
            if (Files.exists(directory)) {
                LOG.warn("no drive at {}: {}", directory, reason);
            } else if (known(store, directory)) {
                LOG.warn(
                        "the directory {} is missing, but a drive was there: is it mounted? It is not made anew",
                        directory);
            } else {
                LOG.warn(
                        "the directory {} is missing, and is not made; a new drive: make it, then `cairn drive add {}`",
                        directory,
                        directory);
            }
        });
    }

    private static boolean known(ObjectStore store, Path directory) {
        return store.drives().stream().anyMatch(view -> view.drive().path().equals(directory.toString()));
    }

    private static void add(ObjectStore store, Path directory) {
        try {
            LOG.info("the new drive {} at {} takes part", store.addDrive(directory), directory);
        } catch (StorageFault fault) {
            LOG.warn("the directory {} cannot be added as a drive: {}", directory, fault.getMessage());
        }
    }
}

package io.cairn.shards;

import io.cairn.base.Clock;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** Makes drives of directories and tells what a directory is. Stateless. */
final class DriveFormat {
    /** What an interrupted formatting, a fresh file system, or the volumes of the same host may have left. */
    private static final Set<String> UNFINISHED = Set.of(
            DriveLayout.IDENTITY + ".new",
            DriveLayout.IDENTITY_COPY + ".new",
            DriveLayout.SEGMENTS,
            DriveLayout.QUARANTINE,
            DriveLayout.LOCK,
            "lost+found",
            "volumes",
            "volumes-state");

    private static final int NAMES_SHOWN_MAX = 10;

    private DriveFormat() {}

    static DriveInspection inspect(Path directory) {
        if (!Files.exists(directory)) {
            return new DriveInspection.Missing();
        }
        if (!Files.isDirectory(directory)) {
            return new DriveInspection.Unreadable("it is not a directory");
        }
        FileDisk disk = new FileDisk(directory);
        try {
            return switch (IdentityFiles.read(disk)) {
                case IdentityFiles.Found.Known known -> new DriveInspection.Formatted(known.identity());
                case IdentityFiles.Found.Unreadable(String reason) ->
                    new DriveInspection.Unreadable("the drive at " + directory + ": " + reason);
                case IdentityFiles.Found.Nothing _ -> unidentified(disk);
            };
        } catch (IOException | UnknownFormatException unreadable) {
            return new DriveInspection.Unreadable(unreadable.toString());
        }
    }

    private static DriveInspection unidentified(Disk disk) throws IOException {
        List<String> names = disk.list("");
        boolean unused = UNFINISHED.containsAll(names)
                && (!names.contains(DriveLayout.SEGMENTS)
                        || disk.list(DriveLayout.SEGMENTS).isEmpty());
        return unused
                ? new DriveInspection.Blank()
                : new DriveInspection.Foreign(
                        names.stream().limit(NAMES_SHOWN_MAX).toList());
    }

    static DriveIdentity format(Path directory, DriveId id, String cluster, Clock clock) {
        switch (inspect(directory)) {
            case DriveInspection.Missing _, DriveInspection.Blank _ -> {}
            case DriveInspection.Formatted(var identity) ->
                throw refused(directory, "it is drive " + identity.id() + " already");
            case DriveInspection.Foreign(var names) -> throw refused(directory, "it holds " + names);
            case DriveInspection.Unreadable(var reason) -> throw refused(directory, reason);
        }
        DriveIdentity identity = new DriveIdentity(id, cluster, clock.now().truncatedTo(ChronoUnit.MILLIS));
        try {
            FileDisk disk = new FileDisk(directory);
            boolean existed = Files.exists(directory);
            write(disk, identity);
            Path parent = directory.toAbsolutePath().getParent();
            if (!existed && parent != null) {
                new FileDisk(parent).syncDirectory("");
            }
            return identity;
        } catch (IOException failure) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "formatting " + directory + " failed: " + failure.getMessage(), failure);
        }
    }

    /** The identity comes after everything else: before it the directory counts as blank. */
    static void write(Disk disk, DriveIdentity identity) throws IOException {
        disk.createDirectory("");
        disk.createDirectory(DriveLayout.SEGMENTS);
        disk.createDirectory(DriveLayout.QUARANTINE);
        disk.syncDirectory("");
        IdentityFiles.write(disk, identity);
    }

    private static DriveFault refused(Path directory, String reason) {
        return new DriveFault(DriveFault.Kind.BROKEN, directory + " cannot be formatted: " + reason);
    }
}

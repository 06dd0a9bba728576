package io.cairn.server;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.consensus.RatisLog;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.Salvage;
import io.cairn.model.ShardStore;
import io.cairn.shards.DriveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Salvage of a stopped store: moves what is left of its metadata aside, makes a new log and fills it from the drives.
 */
public final class SalvageRun {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

    private SalvageRun() {}

    /**
     * Rebuilds the metadata.
     *
     * @param force whether to go on although a drive still holds metadata
     * @throws StartFault when the store runs, has no drives, or still has metadata
     */
    public static Salvage.Report run(List<Path> directories, boolean force, Consumer<String> progress) {
        Clock clock = Clock.system();
        List<Path> absolute = directories.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList();
        OpenedDrives drives = OpenedDrives.existing(absolute, DriveOptions.standard(), Entropy.secure());
        try {
            moveAside(drives, force, clock, progress);
            try (RatisLog log = MetadataLog.make(drives)) {
                List<ShardStore> stores = List.copyOf(drives.open().values());
                return new Salvage(log, stores, clock)
                        .run(ObjectStore.firstPlacement(drives.open(), Optional.empty()), progress);
            }
        } finally {
            drives.open().values().forEach(ShardStore::close);
        }
    }

    private static void moveAside(OpenedDrives drives, boolean force, Clock clock, Consumer<String> progress) {
        for (Path directory : drives.open().keySet()) {
            Path meta = directory.resolve(MetadataLog.DIRECTORY);
            if (!Files.exists(meta)) {
                continue;
            }
            if (!force && MetadataLog.holdsMember(meta)) {
                throw new StartFault("the drive at " + directory + " still holds metadata; try `cairn start` first, and"
                        + " give --force to build it anew from the drives (the old one is moved aside)");
            }
            Path aside = directory.resolve(MetadataLog.DIRECTORY + ".before-" + STAMP.format(clock.now()));
            try {
                Files.move(meta, aside, StandardCopyOption.ATOMIC_MOVE);
                progress.accept("moved " + meta + " aside to " + aside);
            } catch (IOException fault) {
                throw new StartFault("cannot move " + meta + " aside: " + fault.getMessage(), fault);
            }
        }
    }
}

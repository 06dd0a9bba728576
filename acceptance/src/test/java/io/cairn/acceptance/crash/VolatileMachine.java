package io.cairn.acceptance.crash;

import io.cairn.base.Clock;
import io.cairn.simulation.power.PowerLoss;
import io.cairn.simulation.power.Syncs;
import io.cairn.simulation.power.VolatileDisk;
import io.cairn.simulation.power.VolatileMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A machine whose disks lose what was not synced: the power goes for all of them at one moment, then each loses its
 * own. One thread at a time.
 */
final class VolatileMachine implements Machine {
    private final PowerLoss loss;
    private final SplittableRandom random;
    private final List<Drive> drives = new ArrayList<>();
    private Syncs syncs = Syncs.HONOURED;

    /** A disk, where it is seen, and its mount while there is one. */
    private static final class Drive {
        final VolatileDisk disk;
        final Path directory;
        VolatileMount mount;

        Drive(Path scratch, int number, Syncs syncs) throws IOException {
            disk = new VolatileDisk(Files.createDirectory(scratch.resolve("platters" + number)), Clock.system());
            directory = Files.createDirectory(scratch.resolve("m" + number));
            mount = VolatileMount.of(disk, syncs, directory);
        }
    }

    VolatileMachine(Path scratch, int count, PowerLoss loss, SplittableRandom random) throws IOException {
        this.loss = loss;
        this.random = random;
        for (int number = 0; number < count; number++) {
            drives.add(new Drive(scratch, number, this::honoured));
        }
    }

    private boolean honoured(String path, boolean directory) {
        return syncs.honoured(path, directory);
    }

    /** From now on the disks answer some syncs without doing them. */
    void lie(Syncs honest) {
        syncs = honest;
    }

    @Override
    public List<Path> data() {
        return drives.stream().map(drive -> drive.directory.resolve("data")).toList();
    }

    @Override
    public void crash(Daemon daemon) throws IOException, InterruptedException {
        drives.forEach(drive -> drive.mount.freeze());
        daemon.strike();
        drives.forEach(drive -> drive.mount.fail());
        daemon.kill();
        for (Drive drive : drives) {
            drive.mount.close();
            drive.disk.crash(loss, random);
            drive.mount = VolatileMount.of(drive.disk, this::honoured, drive.directory);
        }
    }

    @Override
    public void close() throws IOException {
        for (Drive drive : drives) {
            drive.mount.fail();
            drive.mount.close();
        }
    }
}

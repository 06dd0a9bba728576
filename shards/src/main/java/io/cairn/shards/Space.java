package io.cairn.shards;

import io.cairn.model.DriveFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room on a drive's file system: the reserve below which appends are refused, and the emergency file of zeros that
 * is deleted when even a release finds no room. Safe for use by many threads.
 */
final class Space {
    private static final Logger LOG = LoggerFactory.getLogger(Space.class);
    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final DriveOptions options;

    Space(Disk disk, DriveOptions options) {
        this.disk = disk;
        this.options = options;
    }

    boolean hasRoomFor(long bytes) {
        try {
            return disk.usable() - bytes >= options.reserveBytes();
        } catch (IOException unknown) {
            return true;
        }
    }

    DriveFault full(long bytes) {
        return new DriveFault(
                DriveFault.Kind.FULL,
                "no room for " + bytes + " bytes: the file system must keep " + options.reserveBytes() + " bytes free");
    }

    /** Frees the emergency file, for the writes that bring space back. */
    void giveUpReserve() {
        try {
            if (disk.exists(DriveLayout.RESERVE)) {
                disk.delete(DriveLayout.RESERVE);
            }
        } catch (IOException failure) {
            LOG.warn("the emergency reserve cannot be given up", failure);
        }
    }

    /** Makes the emergency file again, if there is room for it. */
    void keepReserve() {
        if (options.emergencyBytes() == 0
                || disk.exists(DriveLayout.RESERVE)
                || !hasRoomFor(options.emergencyBytes())) {
            return;
        }
        try (DiskFile file = disk.create(DriveLayout.RESERVE)) {
            ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
            for (long at = 0; at < options.emergencyBytes(); at += CHUNK_BYTES) {
                zeros.clear().limit((int) Math.min(CHUNK_BYTES, options.emergencyBytes() - at));
                file.write(zeros, at);
            }
            file.force();
        } catch (IOException failure) {
            giveUpReserve();
        }
    }
}

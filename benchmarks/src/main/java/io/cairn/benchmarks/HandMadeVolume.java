package io.cairn.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a volume is compared with: a sparse image, a loop device with direct I/O, a filesystem and a mount, made by hand
 * with the programs of the system. Closing undoes it. Needs root. For one thread.
 */
final class HandMadeVolume implements AutoCloseable {
    private final Path image;
    private final Path mount;
    private final String device;

    HandMadeVolume(Path directory, String name, String filesystem, long bytes, String options)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        image = directory.resolve(name + ".img");
        mount = Files.createDirectories(directory.resolve(name));
        String _ = Commands.run("truncate", "-s", String.valueOf(bytes), image.toString());
        device = Commands.run("losetup", "--direct-io=on", "--find", "--show", image.toString())
                .strip();
        String _ = filesystem.equals("xfs")
                ? Commands.run("mkfs.xfs", "-q", "-K", device)
                : Commands.run("mkfs.ext4", "-q", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", device);
        String _ = Commands.run("mount", "-o", options, device, mount.toString());
    }

    Path mount() {
        return mount;
    }

    @Override
    public void close() throws IOException {
        try {
            String _ = Commands.run("umount", mount.toString());
            String _ = Commands.run("losetup", "-d", device);
            Files.delete(image);
            Files.delete(mount);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

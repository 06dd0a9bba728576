package io.cairn.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small ext4 or XFS file system in a sparse image, mounted on a directory. Needs root. Owned by one thread. */
public final class LoopDrive implements AutoCloseable {
    private final Path image;
    private final Path mount;
    private final Path data;
    private final String device;
    private final String options;

    public LoopDrive(Path root, String name, int mebibytes) {
        this(root, name, mebibytes, "mkfs.ext4 -q -m 0 -E lazy_itable_init=1", "errors=remount-ro");
    }

    /** One that can be enlarged while it is mounted, also where ext4 refuses that to a container's root. */
    public static LoopDrive xfs(Path root, String name, int mebibytes) {
        return new LoopDrive(root, name, mebibytes, "mkfs.xfs -q", "defaults");
    }

    private LoopDrive(Path root, String name, int mebibytes, String format, String options) {
        this.options = options;
        image = root.resolve(name + ".img");
        mount = root.resolve(name);
        data = mount.resolve("data");
        try {
            Files.createDirectories(mount);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        String _ = Shell.run("truncate", "-s", mebibytes + "M", image.toString());
        String _ = Shell.run("sh", "-c", format + " " + image);
        device = Shell.run("losetup", "--find", "--show", image.toString()).strip();
        mount();
    }

    public void mount() {
        String _ = Shell.run("mount", "-o", options, device, mount.toString());
    }

    /** The directory for a node's drive: below the mount point, which holds lost+found. */
    public Path data() {
        return data;
    }

    /**
     * As a kernel does when it meets an error on the disk; a plain remount is refused while files are being written.
     */
    public void readOnly() {
        String _ =
                Shell.run("sh", "-c", "echo 1 > /sys/fs/ext4/" + Path.of(device).getFileName() + "/trigger_fs_error");
    }

    public void unmountLazily() {
        String _ = Shell.run("umount", "-l", mount.toString());
    }

    /** Takes every last byte. */
    public void fill() {
        try (OutputStream filler = Files.newOutputStream(mount.resolve("filler"))) {
            byte[] zeros = new byte[1 << 16];
            while (true) {
                filler.write(zeros);
            }
        } catch (IOException full) {
            return;
        }
    }

    public void empty() {
        try {
            Files.deleteIfExists(mount.resolve("filler"));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Enlarges image, device and file system while it is mounted. */
    public void grow(int mebibytes) {
        String _ = Shell.run("truncate", "-s", mebibytes + "M", image.toString());
        String _ = Shell.run("losetup", "--set-capacity", device);
        String _ = Shell.run("xfs_growfs", mount.toString());
    }

    @Override
    public void close() {
        String _ = Shell.run(
                "sh",
                "-c",
                "umount -l " + mount + " 2>/dev/null; losetup -d " + device + "; rm -rf " + mount + " " + image);
    }
}

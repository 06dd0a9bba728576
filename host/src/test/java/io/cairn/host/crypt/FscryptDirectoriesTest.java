package io.cairn.host.crypt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Entropy;
import io.cairn.host.BlockDevice;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.MountOptions;
import io.cairn.host.Support;
import io.cairn.host.kernel.Tool;
import io.cairn.host.linux.LinuxImageFiles;
import io.cairn.host.linux.LinuxLoopDevices;
import io.cairn.host.linux.LinuxMountTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real encrypted directories, on an ext4 of the test's own. */
final class FscryptDirectoriesTest {
    private static final String PLAINTEXT = "a secret that nobody may find ";

    @TempDir
    Path directory;

    private final FscryptDirectories fscrypt = new FscryptDirectories();
    private final LinuxLoopDevices loops = new LinuxLoopDevices();
    private final LinuxMountTable mounts = new LinuxMountTable();
    private final KeyMaterial key = new KeyMaterial(Entropy.secure().bytes(32));
    private Path image;
    private Path mountpoint;

    @BeforeEach
    void mount() throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        assumeTrue(root, "needs root: loop devices and mounts");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "needs loop devices: no /dev/loop-control");
        assumeTrue(new Tool("mkfs.ext4", "e2fsprogs").find().isPresent(), "needs mkfs.ext4");
        image = directory.resolve("image");
        mountpoint = Files.createDirectory(directory.resolve("mnt"));
        remount("encrypt");
    }

    private void remount(String feature) {
        leaveNothing();
        new LinuxImageFiles().create(image, ByteCount.mebibytes(32), false);
        var made = new Tool("mkfs.ext4", "e2fsprogs")
                .run(Duration.ofSeconds(60), "-q", "-F", "-O", feature, image.toString());
        assertEquals(0, made.status(), made.output());
        attach();
    }

    private void attach() {
        BlockDevice device = loops.attach(image, true);
        mounts.mount(device.node().toString(), mountpoint, "ext4", MountOptions.DEFAULTS);
    }

    private void detach() {
        mounts.unmount(mountpoint);
        loops.holding(image).ifPresent(loop -> loops.detach(loop.device()));
    }

    @AfterEach
    void leaveNothing() {
        if (image != null && Files.exists(image)) {
            detach();
            assertTrue(image.toFile().delete());
        }
    }

    private void assumeSupported() {
        String reason = switch (fscrypt.support(mountpoint)) {
            case Support.Missing missing -> missing.reason();
            case Support.Available _ -> "";
        };
        assumeTrue(reason.isEmpty(), reason);
    }

    @Test
    void support_ofAFilesystemWithoutTheFeature_saysWhatIsMissing() {
        assumeSupported();
        remount("^encrypt");
        Support.Missing missing = assertInstanceOf(Support.Missing.class, fscrypt.support(mountpoint));
        assertTrue(missing.reason().contains("-O encrypt"), missing.reason());
        assertInstanceOf(Support.Missing.class, fscrypt.support(Path.of("/proc")));
    }

    @Test
    void directory_encrypted_hidesNamesAndContents() throws IOException {
        assumeSupported();
        String identifier = fscrypt.addKey(mountpoint, key);
        Path data = Files.createDirectory(mountpoint.resolve("data"));
        fscrypt.setPolicy(data, identifier);
        write(data.resolve("a-name-in-the-clear"));
        fscrypt.removeKey(mountpoint, identifier);
        try (var names = Files.list(data)) {
            Path name = names.findFirst().orElseThrow();
            assertNotEquals("a-name-in-the-clear", name.getFileName().toString());
            assertThrows(IOException.class, () -> Files.readAllBytes(name));
        }
        detach();
        String raw = Files.readString(image, ISO_8859_1);
        assertFalse(raw.contains(PLAINTEXT));
        assertFalse(raw.contains("a-name-in-the-clear"));
        attach();
        assertEquals(identifier, fscrypt.addKey(mountpoint, key));
        assertTrue(Files.readString(data.resolve("a-name-in-the-clear")).startsWith(PLAINTEXT));
    }

    /** Without it the test above would pass on a disk that nothing was written to. */
    @Test
    void directory_notEncrypted_isFoundInTheRawImage() throws IOException {
        Path data = Files.createDirectory(mountpoint.resolve("data"));
        write(data.resolve("a-name-in-the-clear"));
        detach();
        assertTrue(Files.readString(image, ISO_8859_1).contains(PLAINTEXT));
        attach();
    }

    private static void write(Path file) throws IOException {
        Files.writeString(file, PLAINTEXT.repeat(500));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Test
    void policy_setAgain_isNoErrorAndAnotherIs() throws IOException {
        assumeSupported();
        String identifier = fscrypt.addKey(mountpoint, key);
        String other =
                fscrypt.addKey(mountpoint, new KeyMaterial(Entropy.secure().bytes(32)));
        assertNotEquals(identifier, other);
        Path data = Files.createDirectory(mountpoint.resolve("data"));
        fscrypt.setPolicy(data, identifier);
        fscrypt.setPolicy(data, identifier);
        HostFault fault = assertThrows(HostFault.class, () -> fscrypt.setPolicy(data, other));
        assertEquals(Errno.EEXIST, fault.errno());
        Path full = Files.createDirectory(mountpoint.resolve("full"));
        write(full.resolve("file"));
        assertThrows(HostFault.class, () -> fscrypt.setPolicy(full, identifier));
    }

    @Test
    void key_removed_whileAFileIsOpen_isSaidAndIsGoneOnceClosed() throws IOException {
        assumeSupported();
        String identifier = fscrypt.addKey(mountpoint, key);
        Path data = Files.createDirectory(mountpoint.resolve("data"));
        fscrypt.setPolicy(data, identifier);
        write(data.resolve("file"));
        try (var open = Files.newInputStream(data.resolve("file"))) {
            assertEquals('a', open.read());
            HostFault fault = assertThrows(HostFault.class, () -> fscrypt.removeKey(mountpoint, identifier));
            assertEquals(Errno.EBUSY, fault.errno());
        }
        fscrypt.removeKey(mountpoint, identifier);
        fscrypt.removeKey(mountpoint, identifier);
        assertThrows(IOException.class, () -> Files.readAllBytes(data.resolve("file")));
    }
}

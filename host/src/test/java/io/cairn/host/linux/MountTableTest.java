package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import io.cairn.host.MountEntry;
import io.cairn.host.MountFlag;
import io.cairn.host.MountOptions;
import io.cairn.host.kernel.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    private static final MountOptions SMALL = MountOptions.parse("nosuid,nodev,noatime,size=1m,mode=0750");

    private final LinuxMountTable mounts = new LinuxMountTable();
    private Scratch scratch;

    @BeforeEach
    void open() throws IOException {
        scratch = Scratch.forRoot();
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (scratch != null) {
            scratch.close();
        }
    }

    @Test
    void mount_ofTmpfs_isInTheTableWithItsOptions() throws IOException {
        Path target = scratch.mountpoint("a b\\c#d");
        assertTrue(mounts.at(target).isEmpty());
        mounts.mount("my source", target, "tmpfs", SMALL);
        MountEntry entry = mounts.at(target).orElseThrow();
        assertEquals("tmpfs", entry.type());
        assertEquals("my source", entry.source());
        assertTrue(entry.options().containsAll(List.of("rw", "nosuid", "nodev", "noatime")), entry.toString());
        assertTrue(entry.superOptions().contains("size=1024k"), entry.toString());
        mounts.unmount(target);
        assertTrue(mounts.at(target).isEmpty());
        mounts.unmount(target);
    }

    @Test
    void mount_stacked_showsTheTopmost() throws IOException {
        Path target = scratch.mountpoint("mnt");
        mounts.mount("first", target, "tmpfs", SMALL);
        mounts.mount("second", target, "tmpfs", SMALL);
        assertEquals("second", mounts.at(target).orElseThrow().source());
        mounts.unmount(target);
        assertEquals("first", mounts.at(target).orElseThrow().source());
        mounts.unmount(target);
    }

    @Test
    void mount_throughALink_isFoundByBothNames() throws IOException {
        Path real = scratch.mountpoint("real");
        Files.createSymbolicLink(scratch.path("link"), real);
        Path target = Files.createDirectory(scratch.path("link").resolve("mnt"));
        mounts.mount("x", target, "tmpfs", SMALL);
        assertEquals("x", mounts.at(target).orElseThrow().source());
        assertEquals(mounts.at(target), mounts.at(real.resolve("mnt")));
        mounts.unmount(target);
        assertTrue(mounts.at(target).isEmpty());
        assertTrue(mounts.at(Path.of("/")).isPresent());
    }

    @Test
    void bind_readOnly_refusesWritesAndShowsTheSource() throws IOException {
        Path source = scratch.mountpoint("source");
        Files.writeString(source.resolve("file"), "shared");
        Path target = scratch.mountpoint("target");
        mounts.bind(source, target, new MountOptions(Set.of(MountFlag.READ_ONLY), List.of()));
        assertEquals("shared", Files.readString(target.resolve("file")));
        assertThrows(IOException.class, () -> Files.writeString(target.resolve("file"), "other"));
        assertTrue(mounts.at(target).orElseThrow().options().contains("ro"));
        mounts.unmount(target);
        assertEquals("shared", Files.readString(source.resolve("file")));
    }

    @Test
    void directory_shared_propagatesAndStaysOneMount() throws IOException {
        Path directory = scratch.mountpoint("pool");
        mounts.share(directory);
        mounts.share(directory);
        assertTrue(mounts.at(directory).orElseThrow().shared());
        assertEquals(
                1,
                mounts.entries().stream()
                        .filter(entry -> entry.target().equals(directory))
                        .count());
        mounts.unmount(directory);
    }

    @Test
    void unmount_whileAFileIsOpen_isBusyAndStaysMounted() throws IOException {
        Path target = scratch.mountpoint("mnt");
        mounts.mount("x", target, "tmpfs", SMALL);
        try (OutputStream _ = Files.newOutputStream(target.resolve("open"))) {
            HostFault fault = assertThrows(HostFault.class, () -> mounts.unmount(target));
            assertEquals(Errno.EBUSY, fault.errno());
        }
        mounts.unmount(target);
    }

    @Test
    void unmount_ofWhatIsNoMount_isNoError() throws IOException {
        mounts.unmount(scratch.mountpoint("plain"));
        mounts.unmount(scratch.path("missing"));
    }

    @Test
    void mount_refused_saysWhyInWords() throws IOException {
        Scratch.assumeTools(Ext4Programs.MAKE);
        Path target = scratch.mountpoint("mnt");
        assertReason("ENODEV", "the kernel knows no filesystem nofs", "x", target, "nofs", "");
        assertReason("ENOENT", "does not exist", "x", scratch.path("none"), "tmpfs", "");
        assertReason("EINVAL", "frobnicate", "x", target, "tmpfs", "frobnicate=1");
        BlockDevice device = scratch.device("image", ByteCount.mebibytes(16));
        assertReason("EINVAL", "it holds no ext4", device.node().toString(), target, "ext4", "");
        Scratch.run("mke2fs", "-q", "-F", "-t", "ext4", device.node().toString());
        assertReason("EINVAL", "frobnicate", device.node().toString(), target, "ext4", "frobnicate");
        assertTrue(mounts.at(target).isEmpty());
        new LinuxLoopDevices().detach(device);
    }

    private void assertReason(String errno, String words, String source, Path target, String type, String options) {
        HostFault fault =
                assertThrows(HostFault.class, () -> mounts.mount(source, target, type, MountOptions.parse(options)));
        String message = fault.getMessage();
        assertTrue(message.startsWith("mount " + source + " on " + target + " failed: " + errno), message);
        assertTrue(message.contains(words), message);
    }

    @Test
    void device_inAnotherNamespace_hasAHolderUntilItIsGone() throws Exception {
        Scratch.assumeTools(Ext4Programs.MAKE, new Tool("unshare", "util-linux"));
        BlockDevice device = scratch.device("image", ByteCount.mebibytes(16));
        Scratch.run("mke2fs", "-q", "-F", "-t", "ext4", device.node().toString());
        Path target = scratch.mountpoint("mnt");
        mounts.mount(device.node().toString(), target, "ext4", MountOptions.DEFAULTS);
        Process other = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "cat")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader answers = other.inputReader()) {
            other.outputWriter().append("ready\n").flush();
            assertEquals("ready", answers.readLine());
            Holder holder = heldBy(other, device).orElseThrow();
            assertEquals("cat", holder.command());
            assertEquals(Optional.empty(), holder.container());
            assertTrue(mounts.holders().get(device.number()).contains(holder));
            // Unmounted here is not released: the other namespace still has it.
            mounts.unmount(target);
            assertEquals(Optional.of(holder), heldBy(other, device));
            HostFault busy = assertThrows(HostFault.class, () -> new LinuxLoopDevices(new Claim(1)).detach(device));
            assertEquals(Errno.EBUSY, busy.errno());
        } finally {
            other.destroyForcibly();
            assertTrue(other.waitFor(30, TimeUnit.SECONDS));
        }
        assertEquals(Optional.empty(), heldBy(other, device));
        new LinuxLoopDevices().detach(device);
        assertFalse(LoopScan.attached(device));
    }

    /** Others on this machine may start containers, which have copies of all mounts for a moment. */
    private Optional<Holder> heldBy(Process process, BlockDevice device) {
        return mounts.holders(device.number()).stream()
                .filter(holder -> holder.pid() == process.pid())
                .findFirst();
    }
}

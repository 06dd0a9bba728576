package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.Contents;
import io.cairn.host.Errno;
import io.cairn.host.FilesystemKind;
import io.cairn.host.GrowResult;
import io.cairn.host.HostFault;
import io.cairn.host.MakeOptions;
import io.cairn.host.MakeResult;
import io.cairn.host.MountOptions;
import io.cairn.host.Usage;
import io.cairn.host.kernel.Capabilities;
import io.cairn.host.kernel.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FilesystemsTest {
    private static final ByteCount SIZE = ByteCount.mebibytes(1024);
    private static final ByteCount LARGER = ByteCount.mebibytes(1536);

    private static final Tool DAMAGE = new Tool("debugfs", "e2fsprogs");

    private final LinuxFilesystems filesystems = new LinuxFilesystems(Clock.system());
    private final LinuxLoopDevices loops = new LinuxLoopDevices();
    private final LinuxMountTable mounts = new LinuxMountTable();
    private final LinuxImageFiles images = new LinuxImageFiles();
    private Scratch scratch;

    @BeforeEach
    void open() throws IOException {
        scratch = Scratch.forRoot();
        Scratch.assumeTools(Ext4Programs.MAKE, Ext4Programs.CHECK, XfsPrograms.MAKE, XfsPrograms.EDIT);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (scratch != null) {
            scratch.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void device_made_isRecognisedMountedAndSound(FilesystemKind kind) throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        assertEquals(new Contents.Empty(), filesystems.probe(device.node()));
        var options = new MakeOptions(false, false, false, Optional.of("shop-orders"));
        String identity = made(kind, device, options);
        assertEquals(
                new Contents.Filesystem(kind, identity, Optional.of("shop-orders")), filesystems.probe(device.node()));
        Path mountpoint = mounted(kind, device, "mnt");
        Files.writeString(mountpoint.resolve("order"), "1 teapot");
        Usage usage = filesystems.usage(mountpoint);
        assertTrue(usage.available().bytes() > SIZE.bytes() * 80 / 100, usage.toString());
        assertTrue(usage.size().bytes() <= SIZE.bytes(), usage.toString());
        assertTrue(usage.inodesFree() > 1000, usage.toString());
        mounts.unmount(mountpoint);
        assertInstanceOf(CheckResult.Clean.class, filesystems.check(kind, device));
        assertInstanceOf(CheckResult.Clean.class, filesystems.verify(kind, device));
        loops.detach(device);
    }

    @ParameterizedTest
    @EnumSource
    void device_thatHoldsSomething_isNotMade(FilesystemKind kind) throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(kind, device, MakeOptions.DEFAULTS);
        Contents before = filesystems.probe(device.node());
        for (FilesystemKind again : FilesystemKind.values()) {
            var noisy = new MakeOptions(false, true, false, Optional.empty());
            assertEquals(new MakeResult.NotEmpty(before), filesystems.make(again, device, noisy));
        }
        assertEquals(before, filesystems.probe(device.node()));
        loops.detach(device);
    }

    @ParameterizedTest
    @EnumSource
    void noise_isOverwrittenOnlyWhenThatIsSaid(FilesystemKind kind) throws IOException {
        Path image = scratch.image("image", SIZE);
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            byte[] noise = new byte[1 << 20];
            new SplittableRandom(1).nextBytes(noise);
            file.write(noise);
        }
        BlockDevice device = loops.attach(image, true);
        assertInstanceOf(Contents.Unknown.class, filesystems.probe(device.node()));
        assertInstanceOf(MakeResult.NotEmpty.class, filesystems.make(kind, device, MakeOptions.DEFAULTS));
        made(kind, device, new MakeOptions(false, true, false, Optional.empty()));
        loops.detach(device);
    }

    @ParameterizedTest
    @EnumSource
    void device_mounted_isNotMade(FilesystemKind kind) throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(kind, device, MakeOptions.DEFAULTS);
        Path mountpoint = mounted(kind, device, "mnt");
        var impatient = new LinuxFilesystems(Clock.system(), new Claim(1));
        HostFault fault = assertThrows(HostFault.class, () -> impatient.make(kind, device, MakeOptions.DEFAULTS));
        assertEquals(Errno.EBUSY, fault.errno());
        mounts.unmount(mountpoint);
        loops.detach(device);
    }

    @ParameterizedTest
    @EnumSource
    void device_tooSmall_isRefusedWithTheLeastSize(FilesystemKind kind) {
        BlockDevice device = scratch.device("image", ByteCount.mebibytes(8));
        var result = assertInstanceOf(MakeResult.TooSmall.class, filesystems.make(kind, device, MakeOptions.DEFAULTS));
        assertTrue(result.reason().contains("needs at least"), result.reason());
        loops.detach(device);
    }

    @Test
    void devices_ofTheLeastSize_takeAFilesystemThatMounts() throws IOException {
        for (FilesystemKind kind : FilesystemKind.values()) {
            BlockDevice device =
                    scratch.device("least-" + kind, ByteCount.mebibytes(kind == FilesystemKind.XFS ? 300 : 16));
            made(kind, device, MakeOptions.DEFAULTS);
            mounts.unmount(mounted(kind, device, "mnt-" + kind));
            loops.detach(device);
        }
    }

    /** The bar of the volumes: from these sizes on, 85 % of the nominal size can be used. */
    @Test
    void devices_ofUsefulSizes_leaveMostOfItForFiles() throws IOException {
        Map<FilesystemKind, List<Integer>> mebibytes = Map.of(
                FilesystemKind.EXT4, List.of(48, 64, 128, 500, 512, 2048), FilesystemKind.XFS, List.of(768, 2048));
        for (FilesystemKind kind : FilesystemKind.values()) {
            for (int size : mebibytes.get(kind)) {
                String name = kind.type() + "-" + size;
                BlockDevice device = scratch.device(name, ByteCount.mebibytes(size));
                made(kind, device, MakeOptions.DEFAULTS);
                Path mountpoint = mounted(kind, device, "mnt-" + name);
                double available = filesystems.usage(mountpoint).available().bytes();
                assertTrue(available / ByteCount.mebibytes(size).bytes() > 0.85, name + ": " + available);
                assertTrue(filesystems.usage(mountpoint).inodesFree() >= size * 60L, name);
                mounts.unmount(mountpoint);
                loops.detach(device);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void image_thick_staysThickWhenAFilesystemIsMade(FilesystemKind kind) throws IOException {
        images.create(scratch.path("image"), SIZE, true);
        BlockDevice device = loops.attach(scratch.path("image"), true);
        made(kind, device, new MakeOptions(true, false, false, Optional.empty()));
        mounts.unmount(mounted(kind, device, "mnt"));
        loops.detach(device);
        assertTrue(images.allocated(scratch.path("image")).compareTo(SIZE) >= 0);
    }

    @ParameterizedTest
    @EnumSource
    void image_thin_staysThinAndShrinksWhenTrimmed(FilesystemKind kind) throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(kind, device, MakeOptions.DEFAULTS);
        Path mountpoint = mounted(kind, device, "mnt");
        long fresh = allocated();
        // The log of XFS is 64 MiB at least, and is there from the beginning.
        assertTrue(fresh < 66 << 20, "fresh: " + fresh);
        Files.write(mountpoint.resolve("large"), new byte[64 << 20]);
        Scratch.run("sync", "-f", mountpoint.toString());
        long full = allocated();
        assertTrue(full > fresh + (60 << 20), "full: " + full);
        Files.delete(mountpoint.resolve("large"));
        long trimmed = 0;
        for (int i = 0; i < 200 && allocated() > fresh + (16 << 20); i++) {
            trimmed += filesystems.trim(mountpoint).bytes();
        }
        assertTrue(trimmed > 60 << 20, "trimmed: " + trimmed);
        assertTrue(allocated() < fresh + (16 << 20), "allocated after trimming: " + allocated());
        mounts.unmount(mountpoint);
        loops.detach(device);
    }

    @Test
    void xfs_grown_fillsItsDeviceWhileItIsMounted() throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.XFS, device, MakeOptions.DEFAULTS);
        assertInstanceOf(GrowResult.MustBeMounted.class, filesystems.growUnmounted(FilesystemKind.XFS, device));
        Path mountpoint = mounted(FilesystemKind.XFS, device, "mnt");
        enlarge(device);
        for (int i = 0; i < 2; i++) {
            assertEquals(new GrowResult.Grown(), filesystems.growMounted(FilesystemKind.XFS, device, mountpoint));
        }
        assertTrue(filesystems.usage(mountpoint).size().compareTo(ByteCount.mebibytes(1400)) > 0);
        mounts.unmount(mountpoint);
        loops.detach(device);
    }

    @Test
    void ext4_grownUnmounted_fillsItsDevice() throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.EXT4, device, MakeOptions.DEFAULTS);
        enlarge(device);
        for (int i = 0; i < 2; i++) {
            assertEquals(new GrowResult.Grown(), filesystems.growUnmounted(FilesystemKind.EXT4, device));
        }
        Path mountpoint = mounted(FilesystemKind.EXT4, device, "mnt");
        assertTrue(filesystems.usage(mountpoint).size().compareTo(ByteCount.mebibytes(1400)) > 0);
        mounts.unmount(mountpoint);
        loops.detach(device);
    }

    /** What a host may do decides which of the two answers is right; both leave a sound filesystem. */
    @Test
    void ext4_grownMounted_growsOrSaysThatItMustBeUnmounted() throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.EXT4, device, MakeOptions.DEFAULTS);
        Path mountpoint = mounted(FilesystemKind.EXT4, device, "mnt");
        enlarge(device);
        GrowResult result = filesystems.growMounted(FilesystemKind.EXT4, device, mountpoint);
        if (Capabilities.effective(Capabilities.SYS_RESOURCE)) {
            assertEquals(new GrowResult.Grown(), result);
            assertTrue(filesystems.usage(mountpoint).size().compareTo(ByteCount.mebibytes(1400)) > 0);
        } else {
            String reason =
                    assertInstanceOf(GrowResult.MustBeUnmounted.class, result).reason();
            assertTrue(reason.contains("CAP_SYS_RESOURCE"), reason);
        }
        mounts.unmount(mountpoint);
        assertInstanceOf(CheckResult.Clean.class, filesystems.verify(FilesystemKind.EXT4, device));
        loops.detach(device);
    }

    /** A copy of a mounted image has a journal to be replayed, as a clone made without a freeze would. */
    @ParameterizedTest
    @EnumSource
    void clone_givenANewIdentity_isMountedBesideItsTwin(FilesystemKind kind) throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        String identity = made(kind, device, MakeOptions.DEFAULTS);
        Path mountpoint = mounted(kind, device, "mnt");
        Files.writeString(mountpoint.resolve("order"), "1 teapot");
        Scratch.run("sync", "-f", mountpoint.toString());
        images.copySparse(scratch.path("image"), scratch.path("clone"));
        BlockDevice clone = loops.attach(scratch.path("clone"), true);
        String renewed = filesystems.newIdentity(kind, clone);
        assertNotEquals(identity, renewed);
        assertEquals(new Contents.Filesystem(kind, renewed, Optional.empty()), filesystems.probe(clone.node()));
        Path beside = mounted(kind, clone, "beside");
        assertEquals("1 teapot", Files.readString(beside.resolve("order")));
        mounts.unmount(beside);
        assertInstanceOf(CheckResult.Clean.class, filesystems.verify(kind, clone));
        mounts.unmount(mountpoint);
        loops.detach(clone);
        loops.detach(device);
    }

    @Test
    void ext4_withAReplayableJournal_isCleanAfterItsCheck() throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.EXT4, device, MakeOptions.DEFAULTS);
        Path mountpoint = mounted(FilesystemKind.EXT4, device, "mnt");
        Files.writeString(mountpoint.resolve("order"), "1 teapot");
        Scratch.run("sync", "-f", mountpoint.toString());
        images.copySparse(scratch.path("image"), scratch.path("crashed"));
        BlockDevice crashed = loops.attach(scratch.path("crashed"), true);
        CheckResult check = filesystems.check(FilesystemKind.EXT4, crashed);
        assertInstanceOf(CheckResult.Clean.class, check);
        assertTrue(check.report().contains("recovering journal"), check.report());
        assertInstanceOf(CheckResult.Clean.class, filesystems.verify(FilesystemKind.EXT4, crashed));
        loops.detach(crashed);
        mounts.unmount(mountpoint);
        loops.detach(device);
    }

    @Test
    void ext4_withAWrongCountOfLinks_isRepaired() throws IOException {
        Scratch.assumeTools(DAMAGE);
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.EXT4, device, MakeOptions.DEFAULTS);
        Path mountpoint = mounted(FilesystemKind.EXT4, device, "mnt");
        Files.writeString(mountpoint.resolve("order"), "1 teapot");
        mounts.unmount(mountpoint);
        damage(device, "set_inode_field /order links_count 2");
        assertInstanceOf(CheckResult.Damaged.class, filesystems.verify(FilesystemKind.EXT4, device));
        assertInstanceOf(CheckResult.Repaired.class, filesystems.check(FilesystemKind.EXT4, device));
        assertInstanceOf(CheckResult.Clean.class, filesystems.verify(FilesystemKind.EXT4, device));
        loops.detach(device);
    }

    @Test
    void ext4_withoutItsRoot_isLeftToAPerson() {
        Scratch.assumeTools(DAMAGE);
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.EXT4, device, MakeOptions.DEFAULTS);
        damage(device, "clri <2>");
        var damaged = assertInstanceOf(CheckResult.Damaged.class, filesystems.check(FilesystemKind.EXT4, device));
        assertTrue(damaged.report().contains("UNEXPECTED INCONSISTENCY"), damaged.report());
        HostFault fault = assertThrows(HostFault.class, () -> filesystems.growUnmounted(FilesystemKind.EXT4, device));
        assertTrue(fault.getMessage().contains("a person must look at"), fault.getMessage());
        loops.detach(device);
    }

    /** Damages it, and has its superblock say that errors were seen, as the kernel would. */
    private static void damage(BlockDevice device, String request) {
        Scratch.run("debugfs", "-w", "-R", request, device.node().toString());
        Scratch.run(
                "debugfs", "-w", "-R", "set_super_value state 2", device.node().toString());
    }

    @Test
    void check_ofAnotherFilesystem_saysWhatIsThere() {
        BlockDevice device = scratch.device("image", SIZE);
        made(FilesystemKind.XFS, device, MakeOptions.DEFAULTS);
        var damaged = assertInstanceOf(CheckResult.Damaged.class, filesystems.check(FilesystemKind.EXT4, device));
        assertTrue(damaged.report().contains("XFS"), damaged.report());
        loops.detach(device);
    }

    private long allocated() {
        return images.allocated(scratch.path("image")).bytes();
    }

    private void enlarge(BlockDevice device) {
        images.grow(scratch.path("image"), LARGER);
        loops.refreshSize(device);
    }

    private String made(FilesystemKind kind, BlockDevice device, MakeOptions options) {
        return assertInstanceOf(MakeResult.Made.class, filesystems.make(kind, device, options))
                .identity();
    }

    private Path mounted(FilesystemKind kind, BlockDevice device, String name) throws IOException {
        Path mountpoint = scratch.mountpoint(name);
        mounts.mount(device.node().toString(), mountpoint, kind.type(), MountOptions.DEFAULTS);
        return mountpoint;
    }
}

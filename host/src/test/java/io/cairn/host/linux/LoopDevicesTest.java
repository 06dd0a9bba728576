package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.Loop;
import io.cairn.host.MountOptions;
import io.cairn.host.kernel.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoopDevicesTest {
    private static final ByteCount SIZE = ByteCount.mebibytes(16);

    private final LinuxLoopDevices loops = new LinuxLoopDevices();
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
    void image_attached_isABlockDeviceOfItsSizeInDirectMode() {
        Path image = scratch.image("image", SIZE);
        BlockDevice device = loops.attach(image, true);
        Loop loop = loops.holding(image).orElseThrow();
        assertEquals(device, loop.device());
        assertEquals(SIZE, loop.size());
        assertTrue(loop.directIo());
        assertFalse(loop.clearsItself());
        assertEquals(image.toString(), loop.backingName());
        assertTrue(loops.all().contains(loop));
        assertEquals(loop, loops.at(device.number()).orElseThrow());
        loops.detach(device);
        assertTrue(loops.holding(image).isEmpty());
        assertTrue(loops.at(device.number()).isEmpty());
        assertTrue(loops.at(new DeviceNumber(1, 3)).isEmpty());
    }

    @Test
    void image_attachedAgain_keepsItsOneDevice() throws IOException {
        Path image = scratch.image("image", SIZE);
        BlockDevice device = loops.attach(image, true);
        Path renamed = Files.move(image, scratch.path("renamed"));
        assertEquals(device, loops.attach(renamed, true));
        assertEquals(1, devicesOfScratch());
        loops.detach(device);
    }

    @Test
    void image_attachedByManyAtOnce_getsOneDevice() throws InterruptedException, ExecutionException {
        Path image = scratch.image("image", SIZE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<BlockDevice>> attempts = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                attempts.add(() -> new LinuxLoopDevices().attach(image, true));
            }
            List<Future<BlockDevice>> devices = threads.invokeAll(attempts);
            for (Future<BlockDevice> device : devices) {
                assertEquals(devices.getFirst().get(), device.get());
            }
            assertEquals(1, devicesOfScratch());
            loops.detach(devices.getFirst().get());
        }
    }

    @Test
    void images_attachedByManyAtOnce_getDevicesOfTheirOwn() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<BlockDevice>> attempts = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Path image = scratch.image("image" + i, SIZE);
                attempts.add(() -> new LinuxLoopDevices().attach(image, true));
            }
            List<Future<BlockDevice>> devices = threads.invokeAll(attempts);
            assertEquals(12, devicesOfScratch());
            for (Future<BlockDevice> device : devices) {
                loops.detach(device.get());
            }
        }
    }

    @Test
    void image_attachedByLosetup_isFoundAndReused() {
        Path image = scratch.image("image", SIZE);
        Scratch.run("losetup", "-f", image.toString());
        BlockDevice theirs = loops.holding(image).orElseThrow().device();
        assertFalse(loops.holding(image).orElseThrow().directIo());
        assertEquals(theirs, loops.attach(image, true));
        assertTrue(loops.holding(image).orElseThrow().directIo());
        loops.detach(theirs);
    }

    @Test
    void image_ofWhichAPartIsAttached_isRefused() {
        Path image = scratch.image("image", SIZE);
        Scratch.run("losetup", "-f", "--offset", "4096", image.toString());
        HostFault fault = assertThrows(HostFault.class, () -> loops.attach(image, true));
        assertEquals(Errno.EBUSY, fault.errno());
        loops.detach(loops.holding(image).orElseThrow().device());
    }

    @Test
    void device_attached_holdsNoLockOnItsImage() {
        Path image = scratch.image("image", SIZE);
        BlockDevice device = loops.attach(image, true);
        try (var other = Descriptor.open(image, Descriptor.READ_WRITE)) {
            assertEquals(0, other.tryLock());
        }
        loops.detach(device);
    }

    @Test
    void image_grown_isSeenAfterRefresh() {
        Path image = scratch.image("image", SIZE);
        BlockDevice device = loops.attach(image, true);
        new LinuxImageFiles().grow(image, ByteCount.mebibytes(32));
        assertEquals(SIZE, loops.holding(image).orElseThrow().size());
        loops.refreshSize(device);
        assertEquals(ByteCount.mebibytes(32), loops.holding(image).orElseThrow().size());
        loops.detach(device);
    }

    @Test
    void device_notAttached_detachesWithoutError() {
        BlockDevice device = scratch.device("image", SIZE);
        loops.detach(device);
        loops.detach(device);
        assertTrue(loops.all().stream()
                .noneMatch(loop -> loop.device().equals(device)
                        && loop.backingName().startsWith(scratch.path("").toString())));
    }

    @Test
    void device_mounted_staysAsItWas() throws IOException {
        Scratch.assumeTools(new io.cairn.host.kernel.Tool("mke2fs", "e2fsprogs"));
        BlockDevice device = scratch.device("image", SIZE);
        Scratch.run("mke2fs", "-q", "-F", device.node().toString());
        var mounts = new LinuxMountTable();
        Path mountpoint = scratch.mountpoint("mnt");
        mounts.mount(device.node().toString(), mountpoint, "ext4", MountOptions.DEFAULTS);
        HostFault fault = assertThrows(HostFault.class, () -> new LinuxLoopDevices(new Claim(1)).detach(device));
        assertEquals(Errno.EBUSY, fault.errno());
        assertTrue(fault.getMessage().contains("EBUSY"), fault.getMessage());
        assertFalse(loops.holding(scratch.path("image")).orElseThrow().clearsItself());
        mounts.unmount(mountpoint);
        loops.detach(device);
    }

    /** As when a container starts: it has a copy of every mount of the host, until it has its own root. */
    @Test
    void device_claimedForAMoment_isWaitedFor() throws Exception {
        BlockDevice device = scratch.device("image", SIZE);
        var claimed = Descriptor.open(device.node(), Descriptor.READ_ONLY | Descriptor.EXCLUSIVE);
        HostFault busy = assertThrows(HostFault.class, () -> new LinuxLoopDevices(new Claim(2)).detach(device));
        assertEquals(Errno.EBUSY, busy.errno(), "control: it is claimed");
        Thread detaching = Thread.ofPlatform().start(() -> loops.detach(device));
        assertFalse(detaching.join(Duration.ofMillis(50)));
        claimed.close();
        assertTrue(detaching.join(Duration.ofSeconds(30)));
        assertTrue(loops.holding(scratch.path("image")).isEmpty());
    }

    @Test
    void device_markedToGoWithItsLastUser_isKeptWhenAttached() throws IOException {
        BlockDevice device = scratch.device("image", SIZE);
        try (var user = Descriptor.open(device.node(), Descriptor.READ_ONLY)) {
            // What losetup -d does while somebody has the device open.
            Scratch.run("losetup", "-d", device.node().toString());
            assertTrue(loops.holding(scratch.path("image")).orElseThrow().clearsItself(), "control: it would go");
            assertEquals(device, loops.attach(scratch.path("image"), true));
        }
        assertFalse(loops.holding(scratch.path("image")).orElseThrow().clearsItself());
        loops.detach(device);
    }

    @Test
    void missingImage_attached_saysWhich() {
        HostFault fault = assertThrows(HostFault.class, () -> loops.attach(scratch.path("none"), true));
        assertEquals(Errno.ENOENT, fault.errno());
        assertTrue(fault.getMessage().contains(scratch.path("none") + " failed: ENOENT"), fault.getMessage());
    }

    @Test
    void directIo_whereItCannotBe_isRefusedAndNothingIsLeft() throws IOException {
        Path mountpoint = scratch.mountpoint("tmpfs");
        var mounts = new LinuxMountTable();
        mounts.mount("none", mountpoint, "ramfs", MountOptions.DEFAULTS);
        Path image = mountpoint.resolve("image");
        Files.write(image, new byte[1 << 20]);
        HostFault fault = assertThrows(HostFault.class, () -> loops.attach(image, true));
        assertEquals(Errno.EOPNOTSUPP, fault.errno());
        assertTrue(loops.holding(image).isEmpty());
        BlockDevice buffered = loops.attach(image, false);
        HostFault again = assertThrows(HostFault.class, () -> loops.attach(image, true));
        assertEquals(Errno.EOPNOTSUPP, again.errno());
        loops.detach(buffered);
        mounts.unmount(mountpoint);
    }

    /** The check of leaks itself: it must find what is left, and take it away. */
    @Test
    void scratch_withALoopDeviceLeft_fails() throws IOException {
        Scratch leaky = Scratch.forRoot();
        BlockDevice _ = leaky.device("image", SIZE);
        AssertionError leak = assertThrows(AssertionError.class, leaky::close);
        assertTrue(leak.getMessage().contains("loop device"), leak.getMessage());
        assertFalse(Files.exists(leaky.path("image")));
    }

    private long devicesOfScratch() {
        return loops.all().stream()
                .filter(loop -> loop.backingName().startsWith(scratch.path("").toString()))
                .count();
    }
}

package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.host.BlockDevice;
import io.cairn.host.Errno;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Freeze;
import io.cairn.host.HostFault;
import io.cairn.host.MakeOptions;
import io.cairn.host.MakeResult;
import io.cairn.host.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FreezeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LinuxFilesystems filesystems = new LinuxFilesystems(Clock.system());
    private Scratch scratch;
    private BlockDevice device;
    private Path mountpoint;

    @BeforeEach
    void open() throws IOException {
        scratch = Scratch.forRoot();
        Scratch.assumeTools(Ext4Programs.MAKE);
        device = scratch.device("image", ByteCount.mebibytes(64));
        assertInstanceOf(MakeResult.Made.class, filesystems.make(FilesystemKind.EXT4, device, MakeOptions.DEFAULTS));
        mountpoint = scratch.mountpoint("mnt");
        new LinuxMountTable().mount(device.node().toString(), mountpoint, "ext4", MountOptions.DEFAULTS);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (mountpoint != null) {
            boolean _ = filesystems.thawLeftover(mountpoint);
            new LinuxMountTable().unmount(mountpoint);
            new LinuxLoopDevices().detach(device);
        }
        if (scratch != null) {
            scratch.close();
        }
    }

    @Test
    void writer_duringAFreeze_waitsForTheThaw() throws Exception {
        Freeze freeze = filesystems.freeze(mountpoint, LONG);
        CompletableFuture<Void> write = write();
        // The one wait of real time here: that something does not happen cannot be signalled.
        assertThrows(TimeoutException.class, () -> write.get(50, TimeUnit.MILLISECONDS));
        var thaw = assertInstanceOf(Freeze.Thaw.InTime.class, freeze.thaw());
        assertTrue(thaw.frozen().compareTo(Duration.ofMillis(50)) >= 0, thaw.toString());
        write.get(30, TimeUnit.SECONDS);
        assertEquals(thaw, freeze.thaw());
        freeze.close();
    }

    @Test
    void freeze_pastItsBound_thawsByItselfAndSaysSo() throws Exception {
        Freeze freeze = filesystems.freeze(mountpoint, Duration.ofMillis(30));
        write().get(30, TimeUnit.SECONDS);
        assertEquals(new Freeze.Thaw.TooLate(Duration.ofMillis(30)), freeze.thaw());
        assertFalse(filesystems.thawLeftover(mountpoint));
        freeze.close();
    }

    @Test
    void freeze_thatSomebodyElseThawed_isNotTrusted() {
        Freeze freeze = filesystems.freeze(mountpoint, LONG);
        assertTrue(filesystems.thawLeftover(mountpoint));
        assertInstanceOf(Freeze.Thaw.TooLate.class, freeze.thaw());
    }

    @Test
    void filesystem_frozenAlready_isAFaultAndStaysFrozenForItsFirstOwner() {
        try (Freeze first = filesystems.freeze(mountpoint, LONG)) {
            HostFault fault = assertThrows(HostFault.class, () -> filesystems.freeze(mountpoint, LONG));
            assertEquals(Errno.EBUSY, fault.errno());
            assertInstanceOf(Freeze.Thaw.InTime.class, first.thaw());
        }
    }

    @Test
    void leftover_ofAProcessThatDied_isThawed() throws Exception {
        Scratch.run("fsfreeze", "-f", mountpoint.toString());
        CompletableFuture<Void> write = write();
        assertTrue(filesystems.thawLeftover(mountpoint));
        write.get(30, TimeUnit.SECONDS);
        assertFalse(filesystems.thawLeftover(mountpoint));
    }

    @Test
    void freeze_closedWithoutAThaw_thaws() throws Exception {
        filesystems.freeze(mountpoint, LONG).close();
        write().get(30, TimeUnit.SECONDS);
    }

    @Test
    void freezes_oneAfterAnother_leaveNoThread() {
        for (int i = 0; i < 20; i++) {
            try (Freeze freeze = filesystems.freeze(mountpoint, LONG)) {
                assertInstanceOf(Freeze.Thaw.InTime.class, freeze.thaw());
            }
        }
        long watching = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("cairn-thaw"))
                .filter(FreezeTest::outlivesASecond)
                .count();
        assertEquals(0, watching);
    }

    private static boolean outlivesASecond(Thread thread) {
        try {
            return !thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private CompletableFuture<Void> write() {
        var written = new CompletableFuture<Void>();
        Thread _ = Thread.ofPlatform().daemon().start(() -> {
            try {
                Files.write(mountpoint.resolve("file"), new byte[4096]);
                written.complete(null);
            } catch (IOException failure) {
                written.completeExceptionally(failure);
            }
        });
        return written;
    }
}

package io.cairn.host.linux;

import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.FileIdentity;
import io.cairn.host.HostFault;
import io.cairn.host.Loop;
import io.cairn.host.LoopDevices;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.FileStatus;
import io.cairn.host.kernel.PlatformThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Loop devices by ioctl. While one is attached, the image is locked by an open-file lock, which ends with the process;
 * so of any number of threads and processes one attaches and the others find its device. Safe for many threads. Source:
 * loop(4), drivers/block/loop.c.
 */
public final class LinuxLoopDevices implements LoopDevices {
    private static final Duration LOCK_STEP = Duration.ofMillis(10);
    private static final int LOCK_STEPS_MAX = 3000;
    private static final Duration RELEASE_STEP = Duration.ofMillis(2);
    private static final int RELEASE_STEPS_MAX = 2500;

    /** Others may take the number that the kernel gave us before we use it. */
    private static final int RACES_MAX = 64;

    private static final int BLOCK_BYTES_DEFAULT = 0;
    private static final int BLOCK_BYTES_LARGE = 4096;

    private final Claim claim;

    public LinuxLoopDevices() {
        this(Claim.PATIENT);
    }

    LinuxLoopDevices(Claim claim) {
        this.claim = claim;
    }

    @Override
    public BlockDevice attach(Path image, boolean directIo) {
        return PlatformThreads.call(() -> attachLocked(image, directIo));
    }

    private BlockDevice attachLocked(Path image, boolean directIo) {
        // A descriptor of its own for the lock: the loop device keeps the one that it is given, and any lock with it.
        try (var lock = Descriptor.open(image, Descriptor.READ_WRITE)) {
            lock(lock);
            FileIdentity identity = FileStatus.of(lock.magicPath()).identity();
            Optional<Loop> held = LoopScan.holding(identity);
            if (held.isPresent()) {
                return reuse(held.get(), identity, image, directIo);
            }
            try (var backing = Descriptor.open(lock.magicPath(), Descriptor.READ_WRITE)) {
                return attachNew(backing, image, directIo);
            }
        }
    }

    private static void lock(Descriptor image) {
        for (int step = 0; step < LOCK_STEPS_MAX; step++) {
            long answer = image.tryLock();
            if (answer >= 0) {
                return;
            }
            if (!Descriptor.is(answer, Errno.EAGAIN) && !Descriptor.is(answer, Errno.EACCES)) {
                image.demand(answer, "lock", "");
            }
            Pause.of(LOCK_STEP);
        }
        throw new HostFault(
                "lock",
                image.path(),
                Errno.EAGAIN,
                "another process holds it and has not attached it for half a minute");
    }

    private BlockDevice attachNew(Descriptor backing, Path image, boolean directIo) {
        BlockDevice device = configure(backing, image, directIo, BLOCK_BYTES_DEFAULT);
        if (!directIo || LoopControl.usesDirectIo(device)) {
            return device;
        }
        // The disk below may have sectors of 4096 bytes, which the loop device must then have too.
        release(device);
        device = configure(backing, image, true, BLOCK_BYTES_LARGE);
        if (LoopControl.usesDirectIo(device)) {
            return device;
        }
        release(device);
        throw withoutDirectIo(image);
    }

    private static HostFault withoutDirectIo(Path image) {
        return new HostFault(
                "direct I/O to",
                image,
                Errno.EOPNOTSUPP,
                "the filesystem of the image does not take it (tmpfs and some network filesystems do not)");
    }

    private static BlockDevice configure(Descriptor backing, Path image, boolean directIo, int blockBytes) {
        long answer = 0;
        for (int race = 0; race < RACES_MAX; race++) {
            BlockDevice device = LoopControl.free();
            try (var loop = Descriptor.open(device.node(), Descriptor.READ_WRITE)) {
                answer = LoopControl.configure(loop, backing, image, directIo, blockBytes);
                if (answer >= 0) {
                    return device;
                }
            }
            if (!Descriptor.is(answer, Errno.EBUSY)) {
                break;
            }
        }
        throw new HostFault(
                "attach a loop device to",
                image,
                new Errno((int) -answer),
                Descriptor.is(answer, Errno.EBUSY) ? "others take every free device before us" : "");
    }

    /** The device was there: makes it what was asked for, or says why it cannot be. */
    private static BlockDevice reuse(Loop held, FileIdentity identity, Path image, boolean directIo) {
        BlockDevice device = held.device();
        try (var loop = Descriptor.open(device.node(), Descriptor.READ_WRITE)) {
            LoopStatus status = LoopControl.status(loop)
                    .filter(now -> now.backingFile().equals(identity))
                    .orElseThrow(
                            () -> new HostFault("attach", image, Errno.EAGAIN, device.node() + " has just let go"));
            if (!status.whole() || status.readOnly()) {
                throw new HostFault(
                        "attach a loop device to",
                        image,
                        Errno.EBUSY,
                        device.node() + " has a part of it, or reads only");
            }
            if (status.clearsItself()) {
                loop.demand(LoopControl.keep(loop, status), "keep", "");
            }
            if (directIo && !LoopControl.usesDirectIo(device) && LoopControl.useDirectIo(loop) < 0) {
                throw withoutDirectIo(image);
            }
            loop.demand(LoopControl.refresh(loop), "take the new size of", "");
        }
        return device;
    }

    @Override
    public Optional<Loop> holding(Path image) {
        return PlatformThreads.call(() -> LoopScan.holding(FileStatus.of(image).identity()));
    }

    @Override
    public Optional<Loop> at(DeviceNumber device) {
        return PlatformThreads.call(() -> LoopScan.at(device));
    }

    @Override
    public List<Loop> all() {
        return PlatformThreads.call(LoopScan::all);
    }

    @Override
    public void refreshSize(BlockDevice loop) {
        PlatformThreads.run(() -> {
            try (var device = Descriptor.open(loop.node(), Descriptor.READ_WRITE)) {
                device.demand(LoopControl.refresh(device), "take the new size of", "is it still attached?");
            }
        });
    }

    @Override
    public void detach(BlockDevice loop) {
        PlatformThreads.run(() -> release(loop));
    }

    private void release(BlockDevice loop) {
        if (!LoopScan.attached(loop)) {
            return;
        }
        try (var device = claim.take(loop)) {
            long answer = LoopControl.clear(device);
            if (!Descriptor.is(answer, Errno.ENXIO)) {
                device.demand(answer, "detach", "");
            }
        }
        // Who else has it open without a claim (udev looks at every change) keeps it for a moment.
        for (int step = 0; step < RELEASE_STEPS_MAX; step++) {
            if (!LoopScan.attached(loop)) {
                return;
            }
            Pause.of(RELEASE_STEP);
        }
        try (var device = Descriptor.open(loop.node(), Descriptor.READ_WRITE)) {
            LoopControl.status(device).ifPresent(status -> {
                LoopControl.keep(device, status);
            });
        }
        throw new HostFault("detach", loop.node(), Errno.EBUSY, "a process has it open; fuser -v names it");
    }
}

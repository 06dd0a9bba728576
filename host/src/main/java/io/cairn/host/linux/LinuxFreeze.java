package io.cairn.host.linux;

import io.cairn.base.Checks;
import io.cairn.base.Clock;
import io.cairn.host.Errno;
import io.cairn.host.Freeze;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.Kernel;
import io.cairn.host.kernel.PlatformThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A filesystem frozen by FIFREEZE. A platform thread of its own, which runs before the freeze begins, thaws it when the
 * bound has passed, and goes on trying until that has worked. The state is kept under this object's lock.
 */
final class LinuxFreeze implements Freeze {
    /** FIFREEZE and FITHAW: _IOWR('X', 119 and 120, int). */
    private static final long FREEZE = 0xC0045877L;

    private static final long THAW = 0xC0045878L;
    private static final Duration RETRY = Duration.ofMillis(100);

    private final Descriptor root;
    private final Duration bound;
    private final Clock clock;
    private final long startNanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean frozen;
    private boolean expired;
    private Optional<Thaw> result = Optional.empty();

    private LinuxFreeze(Descriptor root, Duration bound, Clock clock) {
        this.root = root;
        this.bound = bound;
        this.clock = clock;
        this.startNanos = clock.nanos();
    }

    static LinuxFreeze start(Path mountpoint, Duration bound, Clock clock) {
        Checks.check(bound.isPositive(), "a freeze has a bound");
        Descriptor root = Descriptor.open(mountpoint, Descriptor.READ_ONLY | Descriptor.DIRECTORY);
        try {
            // Most of what must be written back is written while writers still run.
            root.syncFilesystem();
        } catch (HostFault fault) {
            root.close();
            throw fault;
        }
        var freeze = new LinuxFreeze(root, bound, clock);
        Thread _ = Thread.ofPlatform().daemon().name("cairn-thaw").start(freeze::watch);
        freeze.begin();
        return freeze;
    }

    /** Not under the lock: the kernel may take long, and the bound counts from before. */
    private void begin() {
        long answer = root.ioctl(FREEZE, 0);
        synchronized (this) {
            if (answer < 0) {
                end(new Thaw.TooLate(bound));
                Errno errno = Kernel.errno(answer);
                throw new HostFault(
                        "freeze", root.path(), errno, errno.equals(Errno.EBUSY) ? "it is frozen already" : "");
            }
            frozen = true;
            if (expired) {
                thawNow(new Thaw.TooLate(bound));
            }
        }
    }

    private void watch() {
        try {
            boolean done = ended.await(bound.toNanos(), TimeUnit.NANOSECONDS);
            while (!done) {
                expire();
                done = ended.await(RETRY.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            // Nobody interrupts this thread but the end of the virtual machine.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void expire() {
        expired = true;
        if (frozen && result.isEmpty()) {
            thawNow(new Thaw.TooLate(bound));
        }
    }

    @Override
    public Thaw thaw() {
        return PlatformThreads.call(this::thawOnce);
    }

    private synchronized Thaw thawOnce() {
        if (result.isEmpty()) {
            Duration held = Duration.ofNanos(clock.nanos() - startNanos);
            long answer = thawNow(new Thaw.InTime(held));
            if (answer < 0) {
                throw new HostFault("thaw", root.path(), Kernel.errno(answer), "it is tried again until it works");
            }
        }
        return result.orElseThrow();
    }

    /** Called under the lock. A filesystem that was thawed by somebody else was not frozen until now. */
    private long thawNow(Thaw how) {
        long answer = root.ioctl(THAW, 0);
        if (answer >= 0) {
            end(how);
            return 0;
        }
        if (Descriptor.is(answer, Errno.EINVAL)) {
            end(new Thaw.TooLate(bound));
            return 0;
        }
        return answer;
    }

    private void end(Thaw how) {
        result = Optional.of(how);
        root.close();
        ended.countDown();
    }

    @Override
    public void close() {
        Thaw _ = thaw();
    }

    static boolean thawLeftover(Path mountpoint) {
        try (var root = Descriptor.open(mountpoint, Descriptor.READ_ONLY | Descriptor.DIRECTORY)) {
            long answer = root.ioctl(THAW, 0);
            if (Descriptor.is(answer, Errno.EINVAL) || Descriptor.is(answer, Errno.EOPNOTSUPP)) {
                return false;
            }
            root.demand(answer, "thaw", "");
            return true;
        }
    }
}

package io.cairn.host.linux;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.Contents;
import io.cairn.host.Errno;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Filesystems;
import io.cairn.host.Freeze;
import io.cairn.host.GrowResult;
import io.cairn.host.HostFault;
import io.cairn.host.MakeOptions;
import io.cairn.host.MakeResult;
import io.cairn.host.Usage;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.FilesystemStatus;
import io.cairn.host.kernel.PlatformThreads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Filesystems by their programs and by ioctl. Safe for many threads. */
public final class LinuxFilesystems implements Filesystems {
    /** FITRIM: _IOWR('X', 121, struct fstrim_range), which has start, length and least length. */
    private static final long TRIM = 0xC0185879L;

    private static final int TRIM_RANGE_BYTES = 24;
    private static final int TRIM_LENGTH_AT = 8;

    private static final FilesystemPrograms EXT4 = new Ext4Programs();
    private static final FilesystemPrograms XFS = new XfsPrograms();

    /**
     * Java copies what it reads through memory outside of the heap, and keeps pieces of this size for the next time.
     */
    private static final int READ_BYTES = 64 << 10;

    private final Clock clock;
    private final Claim claim;

    /**
     * Memory of the last look at a device, for the next one: arrays of this size go straight to the old generation,
     * which a daemon of little memory would let grow.
     */
    private final AtomicReference<@Nullable Ends> spare = new AtomicReference<>();

    /** The first and the last bytes of a device. */
    private record Ends(byte[] head, byte[] tail) {}

    public LinuxFilesystems(Clock clock) {
        this(clock, Claim.PATIENT);
    }

    LinuxFilesystems(Clock clock, Claim claim) {
        this.clock = clock;
        this.claim = claim;
    }

    private static FilesystemPrograms programs(FilesystemKind kind) {
        return switch (kind) {
            case EXT4 -> EXT4;
            case XFS -> XFS;
        };
    }

    @Override
    public Contents probe(Path device) {
        return PlatformThreads.call(() -> {
            // Java opens the path that leads to our descriptor: an error to open has its name this way.
            try (var open = Descriptor.open(device, Descriptor.READ_ONLY);
                    FileChannel bytes = FileChannel.open(open.magicPath())) {
                return probe(bytes);
            } catch (IOException failure) {
                throw new HostFault("read " + device + ": " + failure.getMessage(), Errno.EIO, failure);
            }
        });
    }

    private Contents probe(FileChannel bytes) throws IOException {
        long size = bytes.size();
        int part = (int) Math.min(size, Superblocks.DECIDING_BYTES);
        Ends ends = spare.getAndSet(null);
        if (ends == null || ends.head().length != part) {
            ends = new Ends(new byte[part], new byte[part]);
        }
        read(bytes, 0, ends.head());
        read(bytes, size - part, ends.tail());
        Contents found = Superblocks.recognise(ends.head(), ends.tail());
        spare.set(ends);
        return found;
    }

    private static void read(FileChannel channel, long at, byte[] target) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target);
        while (buffer.hasRemaining()) {
            buffer.limit(Math.min(target.length, buffer.position() + READ_BYTES));
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("it ends at byte " + (at + buffer.position()));
            }
            buffer.limit(target.length);
        }
    }

    @Override
    public MakeResult make(FilesystemKind kind, BlockDevice device, MakeOptions options) {
        FilesystemPrograms programs = programs(kind);
        long size = size(device);
        if (size < programs.sizeMin().bytes()) {
            return new MakeResult.TooSmall(
                    kind.type() + " needs at least " + programs.sizeMin() + ", not " + ByteCount.of(size));
        }
        Contents found = probe(device.node());
        boolean free = switch (found) {
            case Contents.Empty _ -> true;
            case Contents.Unknown _ -> options.overNoise();
            case Contents.Filesystem _, Contents.Luks _, Contents.Other _ -> false;
        };
        if (!free) {
            return new MakeResult.NotEmpty(found);
        }
        programs.make(device, ByteCount.of(size), options);
        PlatformThreads.run(() -> sync(device));
        return new MakeResult.Made(identity(kind, device));
    }

    /** The size of a device that nobody has claimed; a fault when somebody has. */
    private long size(BlockDevice device) {
        return PlatformThreads.call(() -> {
            try (var open = claim.take(device);
                    FileChannel channel = FileChannel.open(open.magicPath())) {
                return channel.size();
            } catch (IOException failure) {
                throw new HostFault("read " + device.node() + ": " + failure.getMessage(), Errno.EIO, failure);
            }
        });
    }

    /** Programs refuse a device that somebody has claimed, also when it is for a moment only. */
    private void awaitUnclaimed(BlockDevice device) {
        PlatformThreads.run(() -> claim.await(device));
    }

    private static void sync(BlockDevice device) {
        try (var open = Descriptor.open(device.node(), Descriptor.READ_WRITE)) {
            open.sync();
        }
    }

    private String identity(FilesystemKind kind, BlockDevice device) {
        Contents now = probe(device.node());
        if (now instanceof Contents.Filesystem filesystem && filesystem.kind() == kind) {
            return filesystem.identity();
        }
        throw new HostFault(
                "find a filesystem on " + device.node() + ": expected " + kind + ", found " + now, Errno.NONE);
    }

    @Override
    public CheckResult check(FilesystemKind kind, BlockDevice device) {
        return onlyOn(kind, device, programs -> programs.check(device));
    }

    @Override
    public CheckResult verify(FilesystemKind kind, BlockDevice device) {
        return onlyOn(kind, device, programs -> programs.verify(device));
    }

    /** A program for one filesystem that meets another, or none, says things that mislead. */
    private CheckResult onlyOn(
            FilesystemKind kind, BlockDevice device, Function<FilesystemPrograms, CheckResult> check) {
        awaitUnclaimed(device);
        Contents found = probe(device.node());
        return found instanceof Contents.Filesystem filesystem && filesystem.kind() == kind
                ? check.apply(programs(kind))
                : new CheckResult.Damaged("no " + kind.type() + " is on " + device.node() + ", but " + found);
    }

    @Override
    public GrowResult growMounted(FilesystemKind kind, BlockDevice device, Path mountpoint) {
        return programs(kind).growMounted(device, mountpoint);
    }

    @Override
    public GrowResult growUnmounted(FilesystemKind kind, BlockDevice device) {
        awaitUnclaimed(device);
        return programs(kind).growUnmounted(device);
    }

    @Override
    public String newIdentity(FilesystemKind kind, BlockDevice device) {
        awaitUnclaimed(device);
        String before = identity(kind, device);
        programs(kind).newIdentity(device);
        PlatformThreads.run(() -> sync(device));
        String after = identity(kind, device);
        if (after.equals(before)) {
            throw new HostFault("give a new UUID to", device.node(), Errno.NONE, "it has its old one, " + before);
        }
        return after;
    }

    @Override
    public Usage usage(Path mountpoint) {
        FilesystemStatus status = PlatformThreads.call(() -> FilesystemStatus.of(mountpoint));
        return new Usage(
                ByteCount.of(status.blocks() * status.blockBytes()),
                ByteCount.of((status.blocks() - status.blocksFree()) * status.blockBytes()),
                ByteCount.of(status.blocksAvailable() * status.blockBytes()),
                status.inodes(),
                status.inodesFree());
    }

    @Override
    public Freeze freeze(Path mountpoint, Duration bound) {
        return PlatformThreads.call(() -> LinuxFreeze.start(mountpoint, bound, clock));
    }

    @Override
    public boolean thawLeftover(Path mountpoint) {
        return PlatformThreads.call(() -> LinuxFreeze.thawLeftover(mountpoint));
    }

    @Override
    public ByteCount trim(Path mountpoint) {
        return PlatformThreads.call(() -> {
            try (var root = Descriptor.open(mountpoint, Descriptor.READ_ONLY | Descriptor.DIRECTORY);
                    Arena arena = Arena.ofConfined()) {
                // XFS frees deleted files later, but soon when it is asked how much is free; and what was freed can
                // be given back only when the journal has said so.
                FilesystemStatus.of(mountpoint);
                root.syncFilesystem();
                MemorySegment range = arena.allocate(TRIM_RANGE_BYTES, Long.BYTES);
                range.set(ValueLayout.JAVA_LONG, TRIM_LENGTH_AT, -1L);
                root.demand(root.ioctl(TRIM, range), "trim", "EOPNOTSUPP means that the device takes no discards");
                return ByteCount.of(range.get(ValueLayout.JAVA_LONG, TRIM_LENGTH_AT));
            }
        });
    }
}

package io.cairn.host.linux;

import io.cairn.base.ByteCount;
import io.cairn.host.Errno;
import io.cairn.host.Extent;
import io.cairn.host.Freeze;
import io.cairn.host.HostFault;
import io.cairn.host.ImageFiles;
import io.cairn.host.PoolSpace;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.FileStatus;
import io.cairn.host.kernel.FilesystemStatus;
import io.cairn.host.kernel.PlatformThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Image files. A new file has no name until it is complete and synced ({@code O_TMPFILE}, then linkat(2)), so that a
 * process that dies leaves nothing behind. Stateless; safe for many threads.
 */
public final class LinuxImageFiles implements ImageFiles {
    /** FICLONE: _IOW(0x94, 9, int). */
    private static final long CLONE = 0x40049409L;

    private static final int KEEP_CONTENT = 0;
    private static final int UNSHARE = 0x40;

    /** Writers of the file wait while a piece is copied, so pieces are small. */
    private static final long UNSHARE_BYTES = 16L << 20;

    private static final int PROBE_BYTES = 4096;

    @Override
    public void create(Path image, ByteCount size, boolean thick) {
        PlatformThreads.run(() -> {
            try (var file = NewFile.in(image)) {
                long answer = thick
                        ? file.open().allocate(KEEP_CONTENT, 0, size.bytes())
                        : file.open().truncate(size.bytes());
                file.demand(answer, thick ? "reserve " + size + " for" : "make");
                file.publish();
            }
        });
    }

    @Override
    public void grow(Path image, ByteCount size) {
        PlatformThreads.run(() -> {
            try (var file = Descriptor.open(image, Descriptor.READ_WRITE)) {
                long now = FileStatus.of(file.magicPath()).size();
                if (size.bytes() < now) {
                    throw new HostFault(
                            "grow", image, Errno.EINVAL, "it has " + now + " bytes, more than " + size.bytes());
                }
                file.demand(file.truncate(size.bytes()), "grow", "");
                file.sync();
            }
        });
    }

    @Override
    public void reserve(Path image) {
        PlatformThreads.run(() -> {
            try (var file = Descriptor.open(image, Descriptor.READ_WRITE)) {
                long size = FileStatus.of(file.magicPath()).size();
                file.demand(file.allocate(KEEP_CONTENT, 0, size), "reserve every block of", "");
                for (Extent extent : ExtentMap.read(file)) {
                    if (extent.shared()) {
                        unshare(file, extent, size);
                    }
                }
                file.sync();
            }
        });
    }

    private static void unshare(Descriptor file, Extent extent, long size) {
        long end = Math.min(extent.logicalEnd(), size);
        for (long at = extent.logical(); at < end; at += UNSHARE_BYTES) {
            long length = Math.min(UNSHARE_BYTES, end - at);
            file.demand(file.allocate(UNSHARE, at, length), "copy shared blocks of", "");
        }
    }

    @Override
    public void reflink(Path from, Path to) {
        PlatformThreads.run(() -> {
            try (var source = Descriptor.open(from, Descriptor.READ_ONLY);
                    var file = NewFile.in(to)) {
                long answer = file.open().ioctl(CLONE, source.number());
                if (answer < 0) {
                    throw ReflinkCopy.refused(answer, from);
                }
                file.publish();
            }
        });
    }

    @Override
    public Freeze.Thaw reflinkFrozen(Path from, Path to, Supplier<Freeze> freeze) {
        return PlatformThreads.call(() -> {
            try (var source = Descriptor.open(from, Descriptor.READ_ONLY);
                    var file = NewFile.in(to)) {
                var copy = new ReflinkCopy(source, file.open());
                copy.start();
                Freeze.Thaw thaw;
                try (Freeze frozen = freeze.get()) {
                    copy.catchUp();
                    thaw = frozen.thaw();
                }
                switch (thaw) {
                    case Freeze.Thaw.InTime _ -> file.publish();
                    case Freeze.Thaw.TooLate _ -> {}
                }
                return thaw;
            }
        });
    }

    @Override
    public ByteCount copySparse(Path from, Path to) {
        return PlatformThreads.call(() -> {
            try (var source = Descriptor.open(from, Descriptor.READ_ONLY);
                    var file = NewFile.in(to)) {
                long size = FileStatus.of(source.magicPath()).size();
                file.demand(file.open().truncate(size), "make");
                long copied = SparseCopy.copy(source, file.open(), size);
                file.publish();
                return ByteCount.of(copied);
            }
        });
    }

    @Override
    public List<Extent> extents(Path image) {
        return PlatformThreads.call(() -> {
            try (var file = Descriptor.open(image, Descriptor.READ_ONLY)) {
                return ExtentMap.read(file);
            }
        });
    }

    @Override
    public ByteCount allocated(Path image) {
        return PlatformThreads.call(() -> ByteCount.of(FileStatus.of(image).allocated()));
    }

    @Override
    public void delete(Path image) {
        PlatformThreads.run(() -> {
            try {
                Files.deleteIfExists(image);
            } catch (IOException failure) {
                throw new HostFault("delete " + image + ": " + failure.getMessage(), Errno.EIO, failure);
            }
            syncDirectory(NewFile.directoryOf(image));
        });
    }

    /** Tries it on two files without names. */
    @Override
    public boolean reflinks(Path directory) {
        return PlatformThreads.call(() -> {
            try (var source = Descriptor.open(directory, Descriptor.UNNAMED | Descriptor.READ_WRITE);
                    var target = Descriptor.open(directory, Descriptor.UNNAMED | Descriptor.READ_WRITE)) {
                source.demand(source.truncate(PROBE_BYTES), "write to", "");
                return target.ioctl(CLONE, source.number()) >= 0;
            } catch (HostFault fault) {
                if (fault.errno().equals(Errno.EOPNOTSUPP)) {
                    return false;
                }
                throw fault;
            }
        });
    }

    @Override
    public PoolSpace space(Path directory) {
        return PlatformThreads.call(() -> {
            FilesystemStatus status = FilesystemStatus.of(directory);
            return new PoolSpace(
                    ByteCount.of(status.blocks() * status.blockBytes()),
                    ByteCount.of(status.blocksAvailable() * status.blockBytes()),
                    status.inodesFree(),
                    FileStatus.of(directory).identity().device(),
                    FilesystemNames.of(status.magic()),
                    status.readOnly());
        });
    }

    @Override
    public void syncDirectory(Path directory) {
        PlatformThreads.run(() -> {
            try (var open = Descriptor.open(directory, Descriptor.READ_ONLY | Descriptor.DIRECTORY)) {
                open.sync();
            }
        });
    }
}

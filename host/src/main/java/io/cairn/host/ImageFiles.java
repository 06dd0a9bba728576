package io.cairn.host;

import io.cairn.base.ByteCount;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * The files that volumes live in. Every method that makes or changes a file returns when that is on stable storage, the
 * directory entry included. A pool without room is {@link HostFault} with {@link Errno#ENOSPC}. Safe for many threads.
 */
public interface ImageFiles {
    /**
     * Makes a file of zeros, which nobody else may read; {@code thick} reserves every block. An existing file is
     * {@link Errno#EEXIST}; when it fails, there is no file.
     */
    void create(Path image, ByteCount size, boolean thick);

    /** Makes the file larger, sparse at its end; the same size is no change. Shrinking is refused. */
    void grow(Path image, ByteCount size);

    /**
     * Reserves every block of the file, also those shared with a snapshot (which it takes copies of), so that no write
     * to it can run out of room. What is in it stays. When it fails the reservation is partial and harmless.
     */
    void reserve(Path image);

    /**
     * Makes {@code to} a copy that shares all blocks, in one atomic step; {@link Errno#EOPNOTSUPP} where the filesystem
     * has no reflinks. When it fails there is no file {@code to}.
     */
    void reflink(Path from, Path to);

    /**
     * Makes {@code to} a consistent copy of an image in use that shares all blocks: most of it is shared while writers
     * run, then {@code freeze} is taken, what was written meanwhile is shared again, and the freeze ends. So writers
     * wait for milliseconds, however many pieces the image lies in. When the freeze did not hold, or anything fails,
     * there is no file {@code to}.
     */
    default Freeze.Thaw reflinkFrozen(Path from, Path to, Supplier<Freeze> freeze) {
        Freeze.Thaw thaw;
        try (Freeze frozen = freeze.get()) {
            reflink(from, to);
            thaw = frozen.thaw();
        }
        switch (thaw) {
            case Freeze.Thaw.InTime _ -> {}
            case Freeze.Thaw.TooLate _ -> delete(to);
        }
        return thaw;
    }

    /** Copies data and keeps holes; {@code to} must not exist. When it fails, there is no file {@code to}. */
    ByteCount copySparse(Path from, Path to);

    /** Where the bytes of the file lie, after they are written back, in logical order; holes are left out. */
    List<Extent> extents(Path image);

    /** Blocks that the file really has; shared ones count in full. */
    ByteCount allocated(Path image);

    /** Deletes the file for good; a missing file is no error. */
    void delete(Path image);

    /** True when files in this directory can share blocks, found out by doing it. */
    boolean reflinks(Path directory);

    PoolSpace space(Path directory);

    /** Makes the entries of a directory durable. */
    void syncDirectory(Path directory);
}

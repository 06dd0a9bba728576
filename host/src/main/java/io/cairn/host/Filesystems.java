package io.cairn.host;

import io.cairn.base.ByteCount;
import java.nio.file.Path;
import java.time.Duration;

/** Making, checking, growing and freezing filesystems. Safe for many threads, one per device. */
public interface Filesystems {
    /** What the device holds, from its own first blocks; reads only. */
    Contents probe(Path device);

    /**
     * Makes a filesystem on a device that holds nothing (see {@link #probe}), lazily: time and space hardly grow with
     * its size. After return it is on stable storage. A crash half-way leaves a device that is neither empty nor
     * mountable: start again on a new image.
     *
     * @throws HostFault with {@link Errno#EBUSY} when the device is mounted or otherwise claimed
     */
    MakeResult make(FilesystemKind kind, BlockDevice device, MakeOptions options);

    /**
     * Makes an unmounted filesystem fit to be mounted, without asking and without losing anything: ext4's journal is
     * replayed and what {@code e2fsck -p} repairs is repaired; XFS replays its log when it is mounted, and here only
     * its superblock is looked at. Quick after a clean stop.
     */
    CheckResult check(FilesystemKind kind, BlockDevice device);

    /**
     * Reads all metadata of an unmounted filesystem and changes nothing. Takes time in proportion to its files. A
     * journal that was not replayed makes it report damage: {@link #check} ext4, or mount and unmount XFS, before.
     */
    CheckResult verify(FilesystemKind kind, BlockDevice device);

    /** Grows a mounted filesystem to the size of its device. Redoable; users notice nothing. */
    GrowResult growMounted(FilesystemKind kind, BlockDevice device, Path mountpoint);

    /** Grows an unmounted filesystem to the size of its device, after a check. Redoable. */
    GrowResult growUnmounted(FilesystemKind kind, BlockDevice device);

    /**
     * Gives an unmounted filesystem (a clone) a new random UUID, and returns it; the journal is replayed before. After
     * return it is on stable storage; a crash half-way leaves the old one, the new one, or what {@link #check} mends.
     */
    String newIdentity(FilesystemKind kind, BlockDevice device);

    Usage usage(Path mountpoint);

    /**
     * Writes back everything and holds off writers until the result is thawed, at most for {@code bound}. A process
     * that dies leaves the filesystem frozen: call {@link #thawLeftover} at start for every mount.
     */
    Freeze freeze(Path mountpoint, Duration bound);

    /** Thaws what a process that died left frozen; true when it was. */
    boolean thawLeftover(Path mountpoint);

    /**
     * Tells the device about all room that is free, so that a thin image shrinks; returns how much was told. What was
     * deleted a moment ago may be missed: XFS frees it in the background.
     */
    ByteCount trim(Path mountpoint);
}

package io.cairn.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loop devices: files seen as block devices. The kernel forgets all of them at a reboot. Safe for many threads, and for
 * several processes on one image: attaching takes a lock on the image file.
 */
public interface LoopDevices {
    /**
     * Attaches a loop device to {@code image}, or returns the one that already has it: two loop devices on one image
     * destroy its filesystem. With {@code directIo} the device bypasses the page cache of the pool's filesystem, or
     * attaching fails. After return the device has the size of the file and its node exists; a crash half-way leaves
     * either nothing or a device that {@link #holding} finds.
     *
     * @throws HostFault when the image cannot be opened for writing, or no device can be had; with
     *     {@link Errno#EOPNOTSUPP} when everything else would do, but direct I/O is not possible
     */
    BlockDevice attach(Path image, boolean directIo);

    /** The device that has this file, found by device and inode, whatever its path was when it was attached. */
    Optional<Loop> holding(Path image);

    /** The attached loop device of that number; empty when it is none, or a device of another kind. */
    Optional<Loop> at(DeviceNumber device);

    /** Every attached loop device of this host, ours or not, in the order of their numbers. */
    List<Loop> all();

    /** Makes the device as large as its file is now. A mounted filesystem on it sees the room once it is grown. */
    void refreshSize(BlockDevice loop);

    /**
     * Detaches the device and returns when the kernel has let go of the file. A device that is not attached is left
     * alone: detaching twice is no error.
     *
     * @throws HostFault with {@link Errno#EBUSY} when somebody still has it after some seconds; it is then as it was
     *     before
     */
    void detach(BlockDevice loop);
}

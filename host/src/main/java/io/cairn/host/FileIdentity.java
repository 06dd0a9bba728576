package io.cairn.host;

/** A file as the kernel tells files apart: the device of its filesystem, and its inode there. */
public record FileIdentity(DeviceNumber device, long inode) {
    /** No file: what stands behind a loop device whose filesystem does not answer any more. */
    public static final FileIdentity UNKNOWN = new FileIdentity(new DeviceNumber(0, 0), 0);

    @Override
    public String toString() {
        return "inode " + inode + " on " + device;
    }
}

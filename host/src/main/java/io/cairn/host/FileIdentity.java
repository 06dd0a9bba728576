package io.cairn.host;

/** A file as the kernel tells files apart: the device of its filesystem, and its inode there. */
public record FileIdentity(DeviceNumber device, long inode) {
    @Override
    public String toString() {
        return "inode " + inode + " on " + device;
    }
}

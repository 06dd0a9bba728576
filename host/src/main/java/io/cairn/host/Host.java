package io.cairn.host;

/** Everything that volumes ask of one host. */
public record Host(
        LoopDevices loops,
        MountTable mounts,
        Filesystems filesystems,
        ImageFiles images,
        Encryption encryption,
        DirectoryEncryption directoryEncryption,
        Throttle throttle,
        HostReport report) {
    /** A host without a report. */
    public Host(
            LoopDevices loops,
            MountTable mounts,
            Filesystems filesystems,
            ImageFiles images,
            Encryption encryption,
            DirectoryEncryption directoryEncryption,
            Throttle throttle) {
        this(loops, mounts, filesystems, images, encryption, directoryEncryption, throttle, HostReport.NONE);
    }
}

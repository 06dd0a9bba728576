package io.cairn.host.linux;

/** The names of filesystems by their magic numbers in statfs(2). Stateless. Source: include/uapi/linux/magic.h. */
final class FilesystemNames {
    private FilesystemNames() {}

    /** The number in hexadecimal when it is none that pools are likely to be on. */
    static String of(long magic) {
        return switch ((int) magic) {
            case 0xEF53 -> "ext4";
            case 0x58465342 -> "xfs";
            case 0x9123683E -> "btrfs";
            case 0x2FC12FC1 -> "zfs";
            case 0xF2F52010 -> "f2fs";
            case 0x01021994 -> "tmpfs";
            case 0x794C7630 -> "overlay";
            case 0x6969 -> "nfs";
            case 0x65735546 -> "fuse";
            default -> "0x" + Long.toHexString(magic);
        };
    }
}

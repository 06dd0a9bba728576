package io.cairn.host;

/** A mount option that the kernel takes as a flag, with its word and its bit. Source: mount(2). */
public enum MountFlag {
    READ_ONLY("ro", 1),
    NO_SETUID("nosuid", 1 << 1),
    NO_DEVICES("nodev", 1 << 2),
    NO_EXECUTE("noexec", 1 << 3),
    SYNCHRONOUS("sync", 1 << 4),
    DIRECTORY_SYNCHRONOUS("dirsync", 1 << 7),
    NO_SYMLINK_FOLLOW("nosymfollow", 1 << 8),
    NO_ACCESS_TIME("noatime", 1 << 10),
    NO_DIRECTORY_ACCESS_TIME("nodiratime", 1 << 11),
    RELATIVE_ACCESS_TIME("relatime", 1 << 21),
    STRICT_ACCESS_TIME("strictatime", 1 << 24),
    LAZY_TIME("lazytime", 1 << 25);

    private final String word;
    private final long bit;

    MountFlag(String word, long bit) {
        this.word = word;
        this.bit = bit;
    }

    /** As it is spelt in {@code -o} and in {@code /proc/mounts}. */
    public String word() {
        return word;
    }

    /** Its bit in the flags of mount(2). */
    public long bit() {
        return bit;
    }
}

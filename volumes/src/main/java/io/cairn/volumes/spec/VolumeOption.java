package io.cairn.volumes.spec;

import java.util.Arrays;
import java.util.List;

/** Every option that a volume can be created with. The page {@code docs/volume-options.md} is made from this table. */
public enum VolumeOption {
    SIZE(
            "size",
            "size",
            "48 MiB (ext4) or 768 MiB (xfs) to 512 TiB",
            "of the class",
            "The size of the volume, exact, rounded up to 4 KiB: `10G`, `512MiB`, `1T`, or bytes; units are binary."),
    FS("fs", "word", "`ext4`, `xfs`", "of the class", "The filesystem."),
    CLASS(
            "class",
            "word",
            "a storage class",
            "`hot`, or the configured default",
            "The storage class: it decides everything that no other option says."),
    PROFILE(
            "profile",
            "word",
            "`general`, `database`, `wal`, `media`, `scratch`",
            "of the class",
            "What the volume is for, which chooses mount options; `scratch` is memory."),
    IOPS("iops", "number", "1 to 10000000", "of the class", "Reads per second, and writes per second, at most."),
    READ_IOPS("read-iops", "number", "1 to 10000000", "`iops`", "Reads per second, at most."),
    WRITE_IOPS("write-iops", "number", "1 to 10000000", "`iops`", "Writes per second, at most."),
    READ_BPS("read-bps", "size", "4 KiB to 1 TiB", "of the class", "Bytes read per second, at most: `50M`."),
    WRITE_BPS("write-bps", "size", "4 KiB to 1 TiB", "of the class", "Bytes written per second, at most."),
    LIMITS(
            "limits",
            "word",
            "`total`, `direct`",
            "of the class",
            "What limits must hold for: everything (cgroup v2), or direct I/O only (all that cgroup v1 can do)."),
    ENCRYPTED(
            "encrypted",
            "truth",
            "`true`, `false`",
            "of the class",
            "LUKS2 with a key of its own; refused without device-mapper, unless the class allows fscrypt."),
    THICK(
            "thick",
            "truth",
            "`true`, `false`",
            "of the class",
            "Reserves all room now, so that no write can fail for want of room in the pool."),
    THIN("thin", "truth", "`true`, `false`", "the opposite of `thick`", "Takes room as it is written."),
    FROM(
            "from",
            "name",
            "`volume` or `volume@snapshot`",
            "none",
            "Makes the volume a copy, with the filesystem and encryption of the original, and no smaller."),
    MOUNT(
            "mount",
            "list",
            "see below",
            "by the rules below",
            "Mount options, separated by commas; they win over those that the rules choose."),
    TYPE(
            "type",
            "word",
            "`ext2`, `ext3`, `ext4`, `xfs`, `btrfs`, `nfs`, `nfs4`, `none`, `tmpfs`",
            "none",
            "Mounts something that exists, spelt as for a local volume of a container engine, in place of an image."),
    DEVICE(
            "device",
            "path",
            "a block device below `/dev`, `:/path` of a server, a directory",
            "none",
            "What to mount, with `type`."),
    O("o", "list", "see below", "none", "Mount options, with `type`, separated by commas."),
    FORMAT(
            "format",
            "truth",
            "`true`, `false`",
            "`false`",
            "Makes the filesystem `type` (ext4 or xfs) on the device, only if the device is empty.");

    private final String word;
    private final String kind;
    private final String bounds;
    private final String otherwise;
    private final String sentence;

    VolumeOption(String word, String kind, String bounds, String otherwise, String sentence) {
        this.word = word;
        this.kind = kind;
        this.bounds = bounds;
        this.otherwise = otherwise;
        this.sentence = sentence;
    }

    /** As it is spelt. */
    public String word() {
        return word;
    }

    /** What its value is: size, number, truth, word, list, name or path. */
    public String kind() {
        return kind;
    }

    /** Which values it takes, in Markdown. */
    public String bounds() {
        return bounds;
    }

    /** What holds when it is not given, in Markdown. */
    public String otherwise() {
        return otherwise;
    }

    public String sentence() {
        return sentence;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(VolumeOption::word).toList();
    }
}

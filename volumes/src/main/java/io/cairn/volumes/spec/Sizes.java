package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;

/** The sizes that a volume may have. Stateless. */
public final class Sizes {
    /** Sizes are rounded up to this, the block size of both filesystems. */
    public static final int BLOCK = 4096;

    /** More than any filesystem of one host; larger numbers are slips of the pen. */
    static final ByteCount MAX = ByteCount.gibibytes(512L << 10);

    /** Below this, ext4's own structures would take more than 15 %. */
    static final ByteCount EXT4_MIN = ByteCount.mebibytes(48);

    /** Below this, the log of XFS (64 MiB at least) and its reserve would take more than 15 %. */
    static final ByteCount XFS_MIN = ByteCount.mebibytes(768);

    private static final int TEXT_CHARS_MAX = 64;

    private Sizes() {}

    /** The least size of a volume with this filesystem. */
    public static ByteCount least(FilesystemKind kind) {
        return switch (kind) {
            case EXT4 -> EXT4_MIN;
            case XFS -> XFS_MIN;
        };
    }

    /** Reads the size of a volume: {@code 10G}, {@code 512MiB} or bytes, rounded up to whole blocks. */
    public static ByteCount volume(String text) {
        ByteCount size = parse(text);
        if (size.bytes() == 0 || size.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("size of " + Quoted.of(text) + " is not between 1 byte and " + MAX);
        }
        return rounded(size);
    }

    /** Reads a number of bytes from text that may be hostile. */
    static ByteCount parse(String text) {
        if (text.length() > TEXT_CHARS_MAX || !text.matches("[0-9.]+ ?[A-Za-z]*")) {
            throw new IllegalArgumentException("not a size: " + Quoted.of(text)
                    + "; expected a number with an optional unit, such as 512MiB or 10G");
        }
        return ByteCount.parse(text);
    }

    /** Rounded up to whole blocks. */
    public static ByteCount rounded(ByteCount size) {
        return ByteCount.of(Math.ceilDiv(size.bytes(), BLOCK) * BLOCK);
    }

    /** Refuses what is too small for the filesystem. */
    public static void check(ByteCount size, FilesystemKind kind) {
        if (size.compareTo(least(kind)) < 0) {
            throw new IllegalArgumentException("size " + size + " is too small for " + kind.type() + ": the least is "
                    + least(kind) + ", so that most of it is usable");
        }
        if (size.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("size " + size + " is more than the greatest, " + MAX);
        }
    }
}

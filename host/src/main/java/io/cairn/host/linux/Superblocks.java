package io.cairn.host.linux;

import io.cairn.host.Contents;
import io.cairn.host.FilesystemKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Recognises what a device holds by its first and its last bytes. Nothing is trusted: any bytes give an answer.
 * Stateless. Source: fs/ext4/ext4.h, fs/xfs/libxfs/xfs_format.h, the LUKS specifications, libblkid's list.
 */
final class Superblocks {
    /** How much of the beginning, and of the end, decides. Every known format has its marks there. */
    static final int DECIDING_BYTES = 1 << 20;

    private static final int EXT_AT = 1024;
    private static final int EXT_LOG_BLOCK_AT = EXT_AT + 24;
    private static final int EXT_MAGIC_AT = EXT_AT + 56;
    private static final int EXT_REVISION_AT = EXT_AT + 76;
    private static final int EXT_INODE_BYTES_AT = EXT_AT + 88;
    private static final int EXT_INCOMPATIBLE_AT = EXT_AT + 96;
    private static final int EXT_READ_ONLY_COMPATIBLE_AT = EXT_AT + 100;
    private static final int EXT_UUID_AT = EXT_AT + 104;
    private static final int EXT_LABEL_AT = EXT_AT + 120;
    private static final int EXT_LABEL_BYTES = 16;
    private static final short EXT_MAGIC = (short) 0xEF53;
    private static final int EXT_LOG_BLOCK_MAX = 6;

    /** Extents, 64 bits, flexible groups: what ext3 never has. */
    private static final int EXT4_INCOMPATIBLE = 0x40 | 0x80 | 0x200;

    /** Huge files, group checksums, many links, large inodes, metadata checksums. */
    private static final int EXT4_READ_ONLY_COMPATIBLE = 0x8 | 0x10 | 0x20 | 0x40 | 0x400;

    private static final int XFS_UUID_AT = 32;
    private static final int XFS_LABEL_AT = 108;
    private static final int XFS_LABEL_BYTES = 12;

    private static final String LUKS = "LUKS\u00ba\u00be";
    private static final int LUKS_VERSION_AT = 6;
    private static final int LUKS_UUID_AT = 168;
    private static final int LUKS_UUID_BYTES = 40;

    private static final int PARTITIONS_AT = 446;
    private static final int PARTITION_BYTES = 16;
    private static final int PARTITIONS = 4;

    /** A text at a place, and what has it there. */
    private record Mark(int at, String text, String holder) {}

    private static final List<Mark> OTHERS = List.of(
            new Mark(65600, "_BHRfS_M", "a btrfs filesystem"),
            new Mark(4086, "SWAPSPACE2", "swap space"),
            new Mark(4086, "SWAP-SPACE", "swap space"),
            new Mark(512, "LABELONE", "an LVM physical volume"),
            new Mark(0, "LABELONE", "an LVM physical volume"),
            new Mark(4096, "\u00fcN+\u00a9", "a member of a RAID array"),
            new Mark(0, "\u00fcN+\u00a9", "a member of a RAID array"),
            new Mark(512, "EFI PART", "a partition table (GPT)"),
            new Mark(4096, "EFI PART", "a partition table (GPT)"),
            new Mark(32769, "CD001", "an ISO 9660 image"),
            new Mark(0, "hsqs", "a squashfs image"),
            new Mark(1024, "\u0010 \u00f5\u00f2", "an F2FS filesystem"),
            new Mark(3, "NTFS    ", "an NTFS filesystem"),
            new Mark(3, "EXFAT   ", "an exFAT filesystem"),
            new Mark(82, "FAT32   ", "a FAT filesystem"),
            new Mark(54, "FAT16   ", "a FAT filesystem"),
            new Mark(24, "\u00c6\u0085s\u00f6", "a bcache device"),
            new Mark(4120, "\u00c6\u0085s\u00f6N\u001aE\u00ca", "a bcache device"));

    private Superblocks() {}

    /** {@code end} is what lies at the end of the device; for a small device the two overlap. */
    static Contents recognise(byte[] start, byte[] end) {
        return named(start).orElseGet(() -> unnamed(start, end));
    }

    /** Only what is known by its marks. */
    private static Optional<Contents> named(byte[] start) {
        ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        if (has(start, 0, LUKS)) {
            return Optional.of(luks(start));
        }
        if (has(start, 0, "XFSB")) {
            return Optional.of(new Contents.Filesystem(
                    FilesystemKind.XFS, uuid(start, XFS_UUID_AT), text(start, XFS_LABEL_AT, XFS_LABEL_BYTES)));
        }
        if (isExt(bytes)) {
            return Optional.of(ext(start, bytes));
        }
        Optional<Contents> other = OTHERS.stream()
                .filter(mark -> has(start, mark.at(), mark.text()))
                .findFirst()
                .map(mark -> new Contents.Other(mark.holder()));
        return other.isPresent() || !hasPartitions(start)
                ? other
                : Optional.of(new Contents.Other("a partition table (MBR)"));
    }

    private static Contents unnamed(byte[] start, byte[] end) {
        int first = firstByte(start);
        int last = firstByte(end);
        if (first < 0 && last < 0) {
            return new Contents.Empty();
        }
        String place = first >= 0 ? first + " from its start" : last + " of its last " + end.length + " bytes";
        return new Contents.Unknown("data that nothing here knows, at byte " + place);
    }

    /** Where the first byte is that is not zero, or -1. */
    private static int firstByte(byte[] bytes) {
        return Arrays.mismatch(bytes, new byte[bytes.length]);
    }

    private static Contents luks(byte[] start) {
        int version = start.length < LUKS_VERSION_AT + 2 ? 0 : start[LUKS_VERSION_AT + 1];
        return new Contents.Luks(
                version, text(start, LUKS_UUID_AT, LUKS_UUID_BYTES).orElse("unknown"));
    }

    /** A number of two bytes alone would be found in noise too often. */
    private static boolean isExt(ByteBuffer bytes) {
        if (bytes.limit() < EXT_LABEL_AT + EXT_LABEL_BYTES || bytes.getShort(EXT_MAGIC_AT) != EXT_MAGIC) {
            return false;
        }
        int logBlock = bytes.getInt(EXT_LOG_BLOCK_AT);
        int revision = bytes.getInt(EXT_REVISION_AT);
        int inodeBytes = Short.toUnsignedInt(bytes.getShort(EXT_INODE_BYTES_AT));
        return logBlock >= 0
                && logBlock <= EXT_LOG_BLOCK_MAX
                && (revision == 0 || (revision == 1 && Integer.bitCount(inodeBytes) == 1));
    }

    private static Contents ext(byte[] start, ByteBuffer bytes) {
        boolean four = (bytes.getInt(EXT_INCOMPATIBLE_AT) & EXT4_INCOMPATIBLE) != 0
                || (bytes.getInt(EXT_READ_ONLY_COMPATIBLE_AT) & EXT4_READ_ONLY_COMPATIBLE) != 0;
        return four
                ? new Contents.Filesystem(
                        FilesystemKind.EXT4, uuid(start, EXT_UUID_AT), text(start, EXT_LABEL_AT, EXT_LABEL_BYTES))
                : new Contents.Other("an ext2 or ext3 filesystem");
    }

    /** The mark of a boot sector, with four entries that can be partitions, of which one is. */
    private static boolean hasPartitions(byte[] start) {
        if (!has(start, PARTITIONS_AT + PARTITIONS * PARTITION_BYTES, "U\u00aa")) {
            return false;
        }
        boolean some = false;
        for (int i = 0; i < PARTITIONS; i++) {
            int at = PARTITIONS_AT + i * PARTITION_BYTES;
            if ((start[at] & 0x7f) != 0) {
                return false;
            }
            some |= start[at + 4] != 0;
        }
        return some;
    }

    private static boolean has(byte[] bytes, int at, String mark) {
        if (bytes.length < at + mark.length()) {
            return false;
        }
        return new String(bytes, at, mark.length(), StandardCharsets.ISO_8859_1).equals(mark);
    }

    private static String uuid(byte[] bytes, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length < at + 2 * Long.BYTES
                ? "unknown"
                : new UUID(buffer.getLong(at), buffer.getLong(at + Long.BYTES)).toString();
    }

    /** A text that ends with a zero, or with its field; nothing when it is empty. */
    private static Optional<String> text(byte[] bytes, int at, int length) {
        int end = at;
        while (end < Math.min(bytes.length, at + length) && bytes[end] != 0) {
            end++;
        }
        return end > at ? Optional.of(new String(bytes, at, end - at, StandardCharsets.UTF_8)) : Optional.empty();
    }
}

package io.cairn.repository.cut;

import java.nio.charset.StandardCharsets;

/** What kind of content is cut and compressed, and how. Decision 61 has the figures. */
public enum DataClass {
    /** Anything: cut by content, 64 KiB on average. */
    FILES(1),
    /** Content that is changed in place, page by page: fixed blocks of 64 KiB. */
    PAGES(1),
    /** Files of a database whose pages of 8 KiB change one by one: fixed blocks of that size. Decision 72. */
    PAGES_8K(1),
    /** The same in blocks of 32 KiB, for a database of which there is more. */
    PAGES_32K(1),
    /** The same in blocks of 256 KiB. */
    PAGES_256K(1),
    /** The same in blocks of 1 MiB. */
    PAGES_1M(1),
    /** Media and archives, compressed already and replaced as a whole: cut by content, 1 MiB on average. */
    MEDIA(1);

    private static final int HEAD_MIN = 16;
    private static final String[] MEDIA_HEADS = {
        "\u00ff\u00d8\u00ff", "\u0089PNG\r\n", "GIF8", "PK\u0003\u0004", "\u001f\u008b", "\u00fd7zXZ", "7z\u00bc\u00af",
        "(\u00b5/\u00fd", "BZh", "ID3", "OggS", "fLaC", "\u001aE\u00df\u00a3", "Rar!"
    };

    private final int level;

    DataClass(int level) {
        this.level = level;
    }

    /** The level of zstd. */
    public int level() {
        return level;
    }

    /** The class of a file by its first bytes and its size. */
    public static DataClass of(byte[] head, int length, long size) {
        if (length < HEAD_MIN) {
            return FILES;
        }
        String text = new String(head, 0, Math.min(length, 1 << 10), StandardCharsets.ISO_8859_1);
        if (text.startsWith("SQLite format 3")
                || text.startsWith("QFI\u00fb")
                || text.startsWith("KDMV")
                || text.startsWith("LUKS\u00ba\u00be")
                || isDisk(text, size)) {
            return PAGES;
        }
        for (String media : MEDIA_HEADS) {
            if (text.startsWith(media)) {
                return MEDIA;
            }
        }
        String kind = text.substring(4, 8);
        return kind.equals("ftyp") || (text.startsWith("RIFF") && !text.startsWith("WAVE", 8)) ? MEDIA : FILES;
    }

    /** A partition table at the end of the first sector, on something as large as a disk. */
    private static boolean isDisk(String text, long size) {
        return size >= 1 << 20 && size % 512 == 0 && text.length() >= 512 && text.startsWith("\u0055\u00aa", 510);
    }
}

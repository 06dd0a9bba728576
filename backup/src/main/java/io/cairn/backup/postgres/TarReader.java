package io.cairn.backup.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The entries of a tar archive in the form that PostgreSQL writes (POSIX ustar, sizes in octal or base 256), read once
 * from front to back. One thread. Errors: {@link IOException}; the bytes are not trusted.
 */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int SUM_AT = 148;
    private static final int SUM_LENGTH = 8;

    /** What an entry is. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    /** The head of an entry; {@code name} is relative and clean, {@code target} is that of a link. */
    record Entry(
            String name, Kind kind, int permissions, long uid, long gid, long size, Instant modified, String target) {}

    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private long left;
    private long padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** The next entry; empty at the end of the archive. What was not read of the one before is skipped. */
    Optional<Entry> next() throws IOException {
        in.skipNBytes(left + padding);
        left = 0;
        padding = 0;
        int count = in.readNBytes(block, 0, BLOCK);
        if (count == 0 || (count == BLOCK && isZero())) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return Optional.empty();
        }
        if (count != BLOCK) {
            throw new EOFException("an archive of the backup ends in the middle of a head");
        }
        checkSum();
        Entry entry = entry();
        left = entry.size();
        padding = (BLOCK - left % BLOCK) % BLOCK;
        return Optional.of(entry);
    }

    private Entry entry() throws IOException {
        String prefix = text(345, 155);
        String name = (prefix.isEmpty() ? "" : prefix + "/") + text(0, 100);
        while (name.startsWith("./")) {
            name = name.substring(2);
        }
        while (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        for (String part : name.split("/", -1)) {
            if ((part.isEmpty() && !name.isEmpty()) || part.equals("..") || (part.equals(".") && name.length() > 1)) {
                throw new IOException("an archive of the backup has the name '" + name + "', which leads elsewhere");
            }
        }
        Kind kind = switch (block[156]) {
            case '0', 0 -> Kind.FILE;
            case '5' -> Kind.DIRECTORY;
            case '2' -> Kind.LINK;
            default -> throw new IOException("an archive of the backup has an entry of type " + block[156]);
        };
        long size = kind == Kind.FILE ? number(124, 12) : 0;
        return new Entry(
                name,
                kind,
                (int) number(100, 8) & 07777,
                number(108, 8),
                number(116, 8),
                size,
                Instant.ofEpochSecond(number(136, 12)),
                text(157, 100));
    }

    /** The content of this entry; it ends where the entry does, and fails where the archive ends before. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(target, offset, (int) Math.min(length, left));
                if (count < 0) {
                    throw new EOFException("an archive of the backup ends in the middle of a file");
                }
                left -= count;
                return count;
            }
        };
    }

    private boolean isZero() {
        return block[0] == 0 && Arrays.equals(block, 0, BLOCK - 1, block, 1, BLOCK);
    }

    private void checkSum() throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? ' ' : block[i] & 0xff;
        }
        if (sum != number(SUM_AT, SUM_LENGTH)) {
            throw new IOException("a head in an archive of the backup has a wrong checksum");
        }
    }

    private String text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.UTF_8);
    }

    private long number(int at, int length) throws IOException {
        if (block[at] < 0) {
            return base256(at, length);
        }
        long value = 0;
        for (int i = at; i < at + length && block[i] != 0 && block[i] != ' '; i++) {
            if (block[i] < '0' || block[i] > '7') {
                throw new IOException("a number in an archive of the backup is not one");
            }
            value = value * 8 + block[i] - '0';
        }
        return value;
    }

    private long base256(int at, int length) throws IOException {
        long value = 0;
        for (int i = at + 1; i < at + length; i++) {
            if (value >>> 55 != 0) {
                throw new IOException("a number in an archive of the backup is too large");
            }
            value = value << Byte.SIZE | (block[i] & 0xff);
        }
        return value;
    }
}

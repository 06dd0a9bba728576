package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The lines of a key file: bytes, because a text that holds a key cannot be wiped. The last line is a checksum of all
 * before it. Stateless. Source: {@code docs/formats/keys.md}.
 */
final class KeyLines {
    static final int FILE_BYTES_MAX = 1 << 18;
    private static final byte[] CHECKSUM = "crc32c ".getBytes(UTF_8);
    private static final int CHECKSUM_LINE_BYTES = CHECKSUM.length + 2 * Integer.BYTES + 1;

    private KeyLines() {}

    /** The content with its last line. */
    static byte[] withChecksum(byte[] content) {
        byte[] file = Arrays.copyOf(content, content.length + CHECKSUM_LINE_BYTES);
        byte[] line = checksumLine(content, content.length);
        System.arraycopy(line, 0, file, content.length, line.length);
        return file;
    }

    /** The lines before the checksum, each without its end, after {@code firstLine} was found and the checksum held. */
    static List<byte[]> checked(byte[] file, String firstLine) {
        String name = firstLine.substring(0, firstLine.indexOf(' ') + 1);
        if (!startsWith(file, name.getBytes(UTF_8))) {
            throw damaged("is no " + name.strip() + " file");
        }
        int end = file.length - CHECKSUM_LINE_BYTES;
        if (end < 0 || !Arrays.equals(file, end, file.length, checksumLine(file, end), 0, CHECKSUM_LINE_BYTES)) {
            throw damaged("does not match its checksum");
        }
        List<byte[]> lines = split(file, end);
        if (!Arrays.equals(lines.getFirst(), firstLine.getBytes(UTF_8))) {
            throw damaged("has another format than \"" + firstLine + "\", the one this program knows");
        }
        return lines.subList(1, lines.size());
    }

    private static List<byte[]> split(byte[] file, int end) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (file[i] == '\n') {
                lines.add(Arrays.copyOfRange(file, start, i));
                start = i + 1;
            }
        }
        if (start != end) {
            throw damaged("has a line without an end");
        }
        return lines;
    }

    /** The rest of a line that starts with this word and a space. */
    static byte[] after(String word, byte[] line) {
        byte[] start = (word + " ").getBytes(UTF_8);
        if (!startsWith(line, start)) {
            throw damaged("has no line \"" + word + "\" where one is expected");
        }
        return Arrays.copyOfRange(line, start.length, line.length);
    }

    static KeyFault damaged(String what) {
        return new KeyFault(KeyFault.Kind.DAMAGED, "the key file " + what + "; put it back from escrow");
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static byte[] checksumLine(byte[] content, int length) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, length);
        String hex = HexFormat.of().toHexDigits((int) crc.getValue());
        return (new String(CHECKSUM, UTF_8) + hex + "\n").getBytes(UTF_8);
    }
}

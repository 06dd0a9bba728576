package io.cairn.repository.tree;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * File names as text. On Linux a name is bytes; those that are not UTF-8 become the characters U+DC80 to U+DCFF, so
 * that every name survives a round trip. In trees names are quoted as Go quotes strings. Stateless.
 */
public final class Names {
    private static final char ESCAPED = '\uDC00';
    private static final int HEX = 16;
    private static final int OCTAL = 8;

    private Names() {}

    public static byte[] bytes(String name) {
        byte[] simple = new byte[name.length()];
        for (int i = 0; i < simple.length; i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return encode(name);
            }
            simple[i] = (byte) c;
        }
        return simple;
    }

    private static byte[] encode(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * name.length());
        int i = 0;
        while (i < name.length()) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            if (c >= ESCAPED + 0x80 && c <= ESCAPED + 0xff) {
                out.write(c - ESCAPED);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    public static String text(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < name.length) {
            int length = validLength(name, i);
            if (length == 0) {
                out.append((char) (ESCAPED + (name[i] & 0xff)));
                i++;
            } else {
                out.append(new String(name, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return out.toString();
    }

    /** The length of the UTF-8 sequence that begins there, or 0 when there is none. */
    private static int validLength(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        byte[] again = text.getBytes(StandardCharsets.UTF_8);
        return again.length == length && java.util.Arrays.equals(again, 0, length, bytes, at, at + length) ? length : 0;
    }

    /** True when the text has bytes that are not UTF-8. */
    static boolean isRaw(String text) {
        return text.chars().anyMatch(c -> c >= ESCAPED + 0x80 && c <= ESCAPED + 0xff);
    }

    /** The name inside Go's quotes. */
    static String quote(String name) {
        StringBuilder out = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean paired = Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(name.charAt(i - 1));
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f) {
                out.append(String.format("\\x%02x", (int) c));
            } else if (c >= ESCAPED + 0x80 && c <= ESCAPED + 0xff && !paired) {
                out.append(String.format("\\x%02x", c - ESCAPED));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** The name that Go quoted. */
    static String unquote(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(quoted.length());
        int i = 0;
        while (i < quoted.length()) {
            int c = quoted.codePointAt(i);
            if (c != '\\') {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            } else {
                i = unescape(quoted, i + 1, out);
            }
        }
        return text(out.toByteArray());
    }

    private static int unescape(String quoted, int at, ByteArrayOutputStream out) {
        char kind = quoted.charAt(at);
        int plain = "abfnrtv\\\"'".indexOf(kind);
        if (plain >= 0) {
            out.write("\u0007\b\f\n\r\t\u000b\\\"'".charAt(plain));
            return at + 1;
        }
        if (kind == 'x') {
            out.write(Integer.parseInt(quoted, at + 1, at + 3, HEX));
            return at + 3;
        }
        if (kind == 'u' || kind == 'U') {
            int end = at + 1 + (kind == 'u' ? 4 : 8);
            int point = Integer.parseInt(quoted, at + 1, end, HEX);
            out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            return end;
        }
        out.write(Integer.parseInt(quoted, at, at + 3, OCTAL));
        return at + 3;
    }
}

package io.cairn.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Percent-encoding as S3 reads and writes it. Encoded text is one {@code char} per byte as it stood in the request
 * line; decoding is strict: a {@code %} without two hexadecimal digits is {@code InvalidURI}. Stateless.
 */
public final class Percent {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] UNRESERVED = unreserved();

    private Percent() {}

    /** The bytes behind an encoded path; {@code +} stands for itself. */
    public static byte[] decodePath(String encoded) {
        return decode(encoded, false);
    }

    /** The text behind an encoded path, which must be UTF-8. */
    public static String decodePathText(String encoded) {
        return isPlain(encoded, false) ? encoded : utf8(decode(encoded, false));
    }

    /** The text behind an encoded query name or value, which must be UTF-8; {@code +} is a space. */
    public static String decodeQueryText(String encoded) {
        return isPlain(encoded, true) ? encoded : utf8(decode(encoded, true));
    }

    /** Every byte but {@code A-Z a-z 0-9 - _ . ~} as {@code %XX}: the encoding of a query in SigV4. */
    public static String encode(String text) {
        return encode(text, false);
    }

    /** As {@link #encode(String)}, leaving {@code /} alone: the encoding of a key in a path, or in a listing. */
    public static String encodeKey(String key) {
        return encode(key, true);
    }

    /** Whether the byte stands for itself in SigV4's encoding. */
    public static boolean isUnreserved(int b) {
        return b < UNRESERVED.length && UNRESERVED[b];
    }

    /** The value of a hexadecimal digit in either case, or -1. */
    public static int hexDigit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The byte that the {@code %XX} at {@code percent} stands for. */
    public static int decodeAt(String encoded, int percent) {
        if (percent + 2 < encoded.length()) {
            int high = hexDigit(encoded.charAt(percent + 1));
            int low = hexDigit(encoded.charAt(percent + 2));
            if (high >= 0 && low >= 0) {
                return high << 4 | low;
            }
        }
        throw new S3Exception(S3Error.INVALID_URI);
    }

    private static String encode(String text, boolean keepSlash) {
        if (isEncoded(text, keepSlash)) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            int value = b & 0xff;
            if (isUnreserved(value) || keepSlash && value == '/') {
                out.append((char) value);
            } else {
                out.append('%').append(HEX[value >> 4]).append(HEX[value & 0xf]);
            }
        }
        return out.toString();
    }

    private static boolean isEncoded(String text, boolean keepSlash) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isUnreserved(c) && !(keepSlash && c == '/')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(String encoded, boolean plusIsSpace) {
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%' || c >= 0x80 || plusIsSpace && c == '+') {
                return false;
            }
        }
        return true;
    }

    private static byte[] decode(String encoded, boolean plusIsSpace) {
        byte[] out = new byte[encoded.length()];
        int size = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c > 0xff) {
                throw new S3Exception(S3Error.INVALID_URI);
            }
            if (c == '%') {
                out[size++] = (byte) decodeAt(encoded, i);
                i += 2;
            } else {
                out[size++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        return Arrays.copyOf(out, size);
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
    }

    private static boolean[] unreserved() {
        boolean[] table = new boolean[0x80];
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~".toCharArray()) {
            table[c] = true;
        }
        return table;
    }
}

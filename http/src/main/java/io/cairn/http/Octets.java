package io.cairn.http;

/** What each octet may be part of, by RFC 9110 §5 and RFC 9112 §3. */
final class Octets {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte[] CLASSES = classes();

    private Octets() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < classes.length; c++) {
            boolean letterOrDigit = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (letterOrDigit || c < 0x80 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                classes[c] |= TOKEN;
            }
            if (c == '\t' || c >= ' ' && c != 0x7f) {
                classes[c] |= VALUE;
            }
            if (c > ' ' && c != 0x7f) {
                classes[c] |= TARGET;
            }
        }
        return classes;
    }

    static boolean token(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** Visible octets, spaces, tabs and octets above ASCII. */
    static boolean value(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /** Visible octets and octets above ASCII, which some clients send unencoded. */
    static boolean target(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff || !token((byte) text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff || !value((byte) text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(int c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}

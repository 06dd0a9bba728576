package io.cairn.wire.sigv4;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of the bytes to be signed. Belongs to one thread. */
final class SigningText {
    private static final int FIRST_SIZE = 1024;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    /** Appends text of one {@code char} per byte. */
    SigningText append(String text) {
        return append(text, 0, text.length());
    }

    SigningText append(String text, int start, int end) {
        ensure(end - start);
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c > 0xff) {
                throw new S3Exception(S3Error.INVALID_REQUEST, "A header holds a character that is not one byte.");
            }
            bytes[size++] = (byte) c;
        }
        return this;
    }

    SigningText append(char c) {
        ensure(1);
        bytes[size++] = (byte) c;
        return this;
    }

    /** Appends a header's value without outer white space and with single spaces inside. */
    SigningText appendTrimmed(String value) {
        int i = 0;
        boolean first = true;
        int length = value.length();
        while (i < length) {
            while (i < length && isSpace(value.charAt(i))) {
                i++;
            }
            int start = i;
            while (i < length && !isSpace(value.charAt(i))) {
                i++;
            }
            if (i > start) {
                if (!first) {
                    append(' ');
                }
                append(value, start, i);
                first = false;
            }
        }
        return this;
    }

    void clear() {
        size = 0;
    }

    String sha256Hex() {
        return Sha256.hex(bytes, size);
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** The text for people; bytes above 0x7f come out as ISO-8859-1. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}

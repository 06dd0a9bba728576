package io.cairn.wire.xml;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes XML as UTF-8 into one growing array. Text is escaped so that it reads back as it was; characters that XML 1.0
 * cannot hold, which keys may have, come out as numeric references as in S3 itself (clients that need them ask for
 * {@code encoding-type=url}). Element names are trusted. Belongs to one thread.
 */
public final class XmlWriter {
    private static final byte[] DECLARATION =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".getBytes(StandardCharsets.US_ASCII);
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final int FIRST_SIZE = 1024;
    private static final int CHAR_BYTES_MAX = 10;
    private static final int REPLACEMENT = 0xFFFD;

    private byte[] bytes = Arrays.copyOf(DECLARATION, FIRST_SIZE);
    private int size = DECLARATION.length;

    XmlWriter() {}

    /** Opens a document's root in S3's namespace. */
    XmlWriter root(String name) {
        return tag("<", name, " xmlns=\"" + NAMESPACE + "\">");
    }

    XmlWriter open(String name) {
        return tag("<", name, ">");
    }

    XmlWriter close(String name) {
        return tag("</", name, ">");
    }

    XmlWriter element(String name, String text) {
        return open(name).text(text).close(name);
    }

    XmlWriter element(String name, long value) {
        return element(name, Long.toString(value));
    }

    XmlWriter element(String name, boolean value) {
        return element(name, Boolean.toString(value));
    }

    /** The element, or nothing when there is no text. */
    XmlWriter optional(String name, Optional<String> text) {
        text.ifPresent(present -> element(name, present));
        return this;
    }

    /** An entity tag between its quotes. */
    XmlWriter etag(String unquoted) {
        return open("ETag").text("\"" + unquoted + "\"").close("ETag");
    }

    /** Text inside the element that is open. */
    XmlWriter content(String content) {
        return text(content);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private XmlWriter tag(String start, String name, String end) {
        ensure(start.length() + name.length() + end.length());
        ascii(start);
        ascii(name);
        ascii(end);
        return this;
    }

    /** One byte per character; room for them must have been made. */
    @SuppressWarnings("deprecation") // the one copy out of a string that neither allocates nor encodes
    private void ascii(String text) {
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
    }

    private XmlWriter text(String text) {
        int length = text.length();
        ensure(length);
        int plain = 0;
        while (plain < length && isPlain(text.charAt(plain))) {
            bytes[size++] = (byte) text.charAt(plain++);
        }
        for (int i = plain; i < length; i++) {
            ensure(CHAR_BYTES_MAX);
            char c = text.charAt(i);
            if (isPlain(c)) {
                bytes[size++] = (byte) c;
            } else if (c < 0x80) {
                escape(c);
            } else {
                int point = text.codePointAt(i);
                i += Character.charCount(point) - 1;
                multiByte(point);
            }
        }
        return this;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '<' && c != '>' && c != '&' && c != '"';
    }

    private void escape(char c) {
        switch (c) {
            case '<' -> ascii("&lt;");
            case '>' -> ascii("&gt;");
            case '&' -> ascii("&amp;");
            case '"' -> ascii("&quot;");
            default -> ascii("&#x" + Integer.toHexString(c) + ";");
        }
    }

    private void multiByte(int point) {
        if (point == 0xFFFE || point == 0xFFFF) {
            ascii("&#x" + Integer.toHexString(point) + ";");
        } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            multiByte(REPLACEMENT);
        } else if (point < 0x800) {
            bytes[size++] = (byte) (0xc0 | point >> 6);
            continuation(point);
        } else if (point < 0x10000) {
            bytes[size++] = (byte) (0xe0 | point >> 12);
            continuation(point >> 6);
            continuation(point);
        } else {
            bytes[size++] = (byte) (0xf0 | point >> 18);
            continuation(point >> 12);
            continuation(point >> 6);
            continuation(point);
        }
    }

    private void continuation(int bits) {
        bytes[size++] = (byte) (0x80 | bits & 0x3f);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}

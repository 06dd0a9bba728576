package io.cairn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cairn.base.Checks;
import java.util.Arrays;

/** Builds the head of a response. Used by one thread. */
final class HeadWriter {
    /** Lengths that are not lengths. */
    static final long CHUNKED = -1;

    static final long NO_LENGTH = -2;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SERVER = ascii("Server: Cairn\r\nDate: ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] TRANSFER_CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");

    private byte[] bytes = new byte[512];
    private int count;

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Which connection header a response needs. */
    enum Persistence {
        IMPLIED,
        STATED,
        CLOSE
    }

    HeadWriter(int status, HeaderList headers, long length, Persistence persistence, byte[] date) {
        Checks.check(status >= 200 && status <= 599, "a final status, got %s", status);
        if (status == 200) {
            put(OK);
        } else {
            put("HTTP/1.1 " + status + " " + reason(status));
            put(CRLF);
        }
        put(SERVER);
        put(date);
        put(CRLF);
        for (int i = 0; i < headers.size(); i++) {
            field(headers.name(i), headers.value(i));
        }
        if (length >= 0) {
            put(CONTENT_LENGTH);
            put(Long.toString(length));
            put(CRLF);
        } else if (length == CHUNKED) {
            put(TRANSFER_CHUNKED);
        }
        switch (persistence) {
            case IMPLIED -> {}
            case STATED -> put(KEEP_ALIVE);
            case CLOSE -> put(CLOSE);
        }
        put(CRLF);
    }

    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    private void field(String name, String value) {
        Checks.check(!reserved(name), "framing headers are left to the server, got %s", name);
        put(name);
        room(2);
        bytes[count++] = ':';
        bytes[count++] = ' ';
        put(value);
        put(CRLF);
    }

    private static boolean reserved(String name) {
        return switch (name.length()) {
            case 4 -> name.equalsIgnoreCase("Date");
            case 6 -> name.equalsIgnoreCase("Server");
            case 10 -> name.equalsIgnoreCase("Connection");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            default -> false;
        };
    }

    private void room(int more) {
        if (count + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + more));
        }
    }

    private void put(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, bytes, count, source.length);
        count += source.length;
    }

    /** The deprecated copy is the one that makes no garbage; every char is known to be a byte. */
    @SuppressWarnings("deprecation")
    private void put(String text) {
        room(text.length());
        text.getBytes(0, text.length(), bytes, count);
        count += text.length();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 416 -> "Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            case 507 -> "Insufficient Storage";
            default -> "Status";
        };
    }
}

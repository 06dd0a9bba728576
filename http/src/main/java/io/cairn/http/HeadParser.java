package io.cairn.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cairn.http.ProtocolError.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of a request, strictly: lines end in CRLF, no folded lines, no blank before a colon, one meaning for
 * the body's length. Whatever another parser could read differently is refused (RFC 9112 §11.2, request smuggling).
 * Used by one event loop.
 */
final class HeadParser {
    private static final int VERSION_LENGTH = 8;
    private static final int LENGTH_DIGITS_MAX = 18;

    private final HttpLimits limits;
    private byte[] bytes = new byte[0];
    private int at;
    private boolean http11;
    private Framing framing = new Framing();

    /** Where the next scan of the same head may begin: the start of its last incomplete line. */
    private int resume;

    /** What the header fields say about the body and the connection. */
    private static final class Framing {
        int hosts;
        boolean close;
        boolean keepAlive;
        boolean chunked;
        boolean expectContinue;
        long length = -1;

        @Nullable
        ProtocolError error;
    }

    HeadParser(HttpLimits limits) {
        this.limits = limits;
    }

    /** The most bytes a head may have. */
    int headBytesMax() {
        return limits.requestLineBytes() + limits.headerBytes() + 4;
    }

    int resume() {
        return resume;
    }

    /** How long the head at the start of {@code source} is; 0 when it is not complete yet. */
    int length(byte[] source, int count, int from) {
        int line = from;
        for (int i = from; i < count; i++) {
            if (source[i] == '\n') {
                if (i - line <= 1 && line > 0) {
                    return i + 1;
                }
                line = i + 1;
            }
        }
        resume = line;
        return 0;
    }

    /** Why an incomplete head need not be waited for, if so. */
    @Nullable
    ProtocolError hopeless(byte[] source, int count) {
        if (!Octets.token(source[0])) {
            return ProtocolError.malformed("The request does not begin with a method.");
        }
        if (resume > 0 && (resume < 2 || source[resume - 2] != '\r')) {
            return ProtocolError.malformed("A line of the request does not end in CR LF.");
        }
        if (resume == 0 && count > limits.requestLineBytes()) {
            return targetTooLong();
        }
        return count >= headBytesMax() ? headersTooLarge() : null;
    }

    /** Parses a whole head. */
    HeadParse parse(byte[] source, int length) {
        bytes = source;
        at = 0;
        framing = new Framing();
        int methodEnd = tokenEnd();
        if (methodEnd == 0 || bytes[methodEnd] != ' ') {
            return ProtocolError.malformed("The request does not begin with a method.");
        }
        String method = method(methodEnd);
        int targetStart = methodEnd + 1;
        at = targetStart;
        while (Octets.target(bytes[at])) {
            at++;
        }
        if (at == targetStart || bytes[at] != ' ') {
            return at > limits.requestLineBytes()
                    ? targetTooLong()
                    : ProtocolError.malformed("The request line has no proper target.");
        }
        int targetEnd = at++;
        ProtocolError versionError = version();
        if (versionError != null) {
            return versionError;
        }
        if (at > limits.requestLineBytes()) {
            return targetTooLong();
        }
        if (length - at > limits.headerBytes()) {
            return headersTooLarge();
        }
        return fields(method, new String(bytes, targetStart, targetEnd - targetStart, ISO_8859_1), length);
    }

    private static ProtocolError targetTooLong() {
        return new ProtocolError(414, Reason.TARGET_TOO_LONG, "The request line is too long.");
    }

    private static ProtocolError headersTooLarge() {
        return new ProtocolError(431, Reason.HEADERS_TOO_LARGE, "The request's headers are too large.");
    }

    private int tokenEnd() {
        int end = at;
        while (Octets.token(bytes[end])) {
            end++;
        }
        return end;
    }

    private String method(int end) {
        return switch (end) {
            case 3 -> bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T' ? "GET" : text(0, end);
            default -> text(0, end);
        };
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, ISO_8859_1);
    }

    /** Reads {@code HTTP/1.1 CRLF}. */
    private @Nullable ProtocolError version() {
        int end = at;
        while (bytes[end] != '\r' && bytes[end] != '\n') {
            end++;
        }
        String version = text(at, end);
        if (bytes[end] != '\r' || bytes[end + 1] != '\n' || end - at != VERSION_LENGTH) {
            return ProtocolError.malformed("The request line does not end in an HTTP version.");
        }
        at = end + 2;
        http11 = version.equals("HTTP/1.1");
        if (http11 || version.equals("HTTP/1.0")) {
            return null;
        }
        return version.startsWith("HTTP/")
                ? new ProtocolError(505, Reason.UNSUPPORTED_VERSION, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
                : ProtocolError.malformed("The request line does not end in an HTTP version.");
    }

    private HeadParse fields(String method, String target, int length) {
        List<String> fields = new ArrayList<>(32);
        while (at < length - 2) {
            ProtocolError error = field(fields);
            if (error != null) {
                return error;
            }
            if (fields.size() > 2 * limits.headerCount()) {
                return headersTooLarge();
            }
        }
        if (bytes[at] != '\r') {
            return ProtocolError.malformed("A line of the request does not end in CR LF.");
        }
        ProtocolError error = contradiction();
        if (error != null) {
            return error;
        }
        long contentLength = framing.chunked ? -1 : Math.max(0, framing.length);
        return new RequestHead(
                method,
                target,
                http11,
                new HeaderList(fields.toArray(String[]::new)),
                contentLength,
                framing.expectContinue && http11,
                http11 ? !framing.close : framing.keepAlive && !framing.close);
    }

    private @Nullable ProtocolError field(List<String> fields) {
        int start = at;
        int nameEnd = tokenEnd();
        if (nameEnd == start || bytes[nameEnd] != ':') {
            return ProtocolError.malformed("A header line has no proper name.");
        }
        String name = text(start, nameEnd);
        at = nameEnd + 1;
        while (bytes[at] == ' ' || bytes[at] == '\t') {
            at++;
        }
        int valueStart = at;
        while (Octets.value(bytes[at])) {
            at++;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            return ProtocolError.malformed("A header value holds a control character.");
        }
        int valueEnd = at;
        while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
            valueEnd--;
        }
        at += 2;
        String value = text(valueStart, valueEnd);
        fields.add(name);
        fields.add(value);
        note(name, value);
        return framing.error;
    }

    private void note(String name, String value) {
        switch (name.length()) {
            case 4 -> framing.hosts += name.equalsIgnoreCase("Host") ? 1 : 0;
            case 6 -> {
                if (name.equalsIgnoreCase("Expect")) {
                    expect(value);
                }
            }
            case 10 -> {
                if (name.equalsIgnoreCase("Connection")) {
                    connection(value);
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("Content-Length")) {
                    contentLength(value);
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("Transfer-Encoding")) {
                    transferEncoding(value);
                }
            }
            default -> {}
        }
    }

    private void expect(String value) {
        framing.expectContinue = value.equalsIgnoreCase("100-continue");
        if (!framing.expectContinue) {
            framing.error =
                    new ProtocolError(417, Reason.UNSUPPORTED_EXPECTATION, "Only 100-continue can be expected.");
        }
    }

    private void connection(String value) {
        String options = value.toLowerCase(Locale.ROOT);
        framing.close |= hasOption(options, "close");
        framing.keepAlive |= hasOption(options, "keep-alive");
    }

    private static boolean hasOption(String options, String wanted) {
        int start = 0;
        while (start <= options.length()) {
            int comma = options.indexOf(',', start);
            int end = comma < 0 ? options.length() : comma;
            if (options.substring(start, end).strip().equals(wanted)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private void contentLength(String value) {
        long length = 0;
        boolean digits = !value.isEmpty() && value.length() <= LENGTH_DIGITS_MAX;
        for (int i = 0; digits && i < value.length(); i++) {
            char c = value.charAt(i);
            digits = c >= '0' && c <= '9';
            length = length * 10 + (c - '0');
        }
        if (!digits) {
            framing.error = ProtocolError.malformed("Content-Length is not a number of bytes.");
        } else if (framing.length >= 0 && framing.length != length) {
            framing.error =
                    new ProtocolError(400, Reason.AMBIGUOUS_LENGTH, "The request has two different Content-Lengths.");
        }
        framing.length = length;
    }

    private void transferEncoding(String value) {
        if (!value.equalsIgnoreCase("chunked")) {
            framing.error = new ProtocolError(
                    501, Reason.UNSUPPORTED_TRANSFER_CODING, "The only transfer coding spoken here is chunked.");
        } else if (framing.chunked) {
            framing.error = ProtocolError.malformed("The request is chunked twice.");
        }
        framing.chunked = true;
    }

    private @Nullable ProtocolError contradiction() {
        if (framing.chunked && (framing.length >= 0 || !http11)) {
            return new ProtocolError(
                    400, Reason.AMBIGUOUS_LENGTH, "The request's Transfer-Encoding contradicts its length or version.");
        }
        if (framing.hosts > 1 || framing.hosts == 0 && http11) {
            return ProtocolError.malformed("The request needs exactly one Host header.");
        }
        return null;
    }
}

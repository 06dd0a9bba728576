package io.cairn.wire.sigv4;

import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The canonical form of a request as S3 builds it: the path encoded once, never normalised. Stateless. */
final class CanonicalRequest {
    private static final String SIGNATURE_PARAMETER = "X-Amz-Signature";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private record Parameter(String name, String value) {}

    private static final Comparator<Parameter> ORDER =
            Comparator.comparing(Parameter::name).thenComparing(Parameter::value);

    private CanonicalRequest() {}

    /** The canonical request; an {@code X-Amz-Signature} parameter is left out. */
    static SigningText of(
            String method, String rawPath, String rawQuery, List<Header> headers, List<String> signed, String payload) {
        SigningText out = new SigningText();
        out.append(method).append('\n');
        out.append(rawPath.isEmpty() ? "/" : normalise(rawPath, 0, rawPath.length(), true));
        out.append('\n');
        appendQuery(out, rawQuery);
        out.append('\n');
        for (String name : signed) {
            appendHeader(out, name, headers);
        }
        out.append('\n');
        for (int i = 0; i < signed.size(); i++) {
            out.append(i == 0 ? "" : ";").append(signed.get(i));
        }
        return out.append('\n').append(payload);
    }

    private static void appendHeader(SigningText out, String name, List<Header> headers) {
        out.append(name.toLowerCase(Locale.ROOT)).append(':');
        boolean first = true;
        for (Header header : headers) {
            if (header.is(name)) {
                if (!first) {
                    out.append(',');
                }
                out.appendTrimmed(header.value());
                first = false;
            }
        }
        out.append('\n');
    }

    private static void appendQuery(SigningText out, String rawQuery) {
        if (rawQuery.isEmpty()) {
            return;
        }
        List<Parameter> parameters = new ArrayList<>();
        for (int start = 0; start < rawQuery.length(); ) {
            int end = rawQuery.indexOf('&', start);
            end = end < 0 ? rawQuery.length() : end;
            if (end > start) {
                parameters.add(parameter(rawQuery, start, end));
            }
            start = end + 1;
        }
        parameters.removeIf(parameter -> parameter.name().equals(SIGNATURE_PARAMETER));
        parameters.sort(ORDER);
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            out.append(i == 0 ? "" : "&").append(parameter.name()).append('=').append(parameter.value());
        }
    }

    private static Parameter parameter(String rawQuery, int start, int end) {
        int equals = rawQuery.indexOf('=', start, end);
        if (equals < 0) {
            return new Parameter(normalise(rawQuery, start, end, false), "");
        }
        return new Parameter(normalise(rawQuery, start, equals, false), normalise(rawQuery, equals + 1, end, false));
    }

    /** Decodes and encodes again, so that every way to write the same bytes gives the same text. */
    private static String normalise(String raw, int start, int end, boolean path) {
        int i = start;
        while (i < end && standsForItself(raw.charAt(i), path)) {
            i++;
        }
        if (i == end) {
            return raw.substring(start, end);
        }
        StringBuilder out = new StringBuilder(end - start + 16).append(raw, start, i);
        while (i < end) {
            char c = raw.charAt(i++);
            int b = c;
            if (c == '%') {
                b = i + 2 <= end ? Percent.decodeAt(raw, i - 1) : invalid();
                i += 2;
            } else if (c == '+' && !path) {
                b = ' ';
            } else if (c > 0xff) {
                b = invalid();
            }
            if (standsForItself(b, path)) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
            }
        }
        return out.toString();
    }

    private static boolean standsForItself(int b, boolean path) {
        return Percent.isUnreserved(b) || path && b == '/';
    }

    private static int invalid() {
        throw new S3Exception(S3Error.INVALID_URI);
    }
}

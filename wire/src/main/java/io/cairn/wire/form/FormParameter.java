package io.cairn.wire.form;

import java.util.Optional;

/** A parameter of a header such as {@code form-data; name="key"; filename="a.txt"}. Stateless. */
final class FormParameter {
    private FormParameter() {}

    /** The parameter's value without its quotes; empty when there is none. Names are in any case. */
    static Optional<String> of(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return Optional.empty();
            }
            String found = header.substring(at + 1, equals).strip();
            int start = equals + 1;
            boolean quoted = start < header.length() && header.charAt(start) == '"';
            int end = quoted ? closingQuote(header, start + 1) : semicolon(header, start);
            if (found.equalsIgnoreCase(name)) {
                return Optional.of(
                        quoted
                                ? header.substring(start + 1, end)
                                        .replace("\\\"", "\"")
                                        .replace("%22", "\"")
                                : header.substring(start, end).strip());
            }
            at = header.indexOf(';', end);
        }
        return Optional.empty();
    }

    private static int semicolon(String header, int start) {
        int end = header.indexOf(';', start);
        return end < 0 ? header.length() : end;
    }

    private static int closingQuote(String header, int start) {
        int end = start;
        while (end < header.length() && header.charAt(end) != '"') {
            end += header.startsWith("\\\"", end) ? 2 : 1;
        }
        return Math.min(end, header.length());
    }
}

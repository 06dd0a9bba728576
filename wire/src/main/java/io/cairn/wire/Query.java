package io.cairn.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The decoded parameters of a query string in their order, repeats included. */
public record Query(List<Parameter> parameters) {
    private static final int PARAMETERS_MAX = 1024;

    /** One parameter; {@code ?acl} and {@code ?acl=} both have the empty value. */
    public record Parameter(String name, String value) {}

    public Query {
        parameters = List.copyOf(parameters);
    }

    /** Reads what stands behind the {@code ?}; empty pieces between {@code &} are skipped. */
    public static Query parse(String raw) {
        List<Parameter> parameters = new ArrayList<>();
        for (int start = 0; start < raw.length(); ) {
            int end = raw.indexOf('&', start);
            end = end < 0 ? raw.length() : end;
            if (end > start) {
                if (parameters.size() == PARAMETERS_MAX) {
                    throw new S3Exception(S3Error.INVALID_URI);
                }
                parameters.add(parameter(raw, start, end));
            }
            start = end + 1;
        }
        return new Query(parameters);
    }

    private static Parameter parameter(String raw, int start, int end) {
        int equals = raw.indexOf('=', start, end);
        if (equals < 0) {
            return new Parameter(Percent.decodeQueryText(raw.substring(start, end)), "");
        }
        return new Parameter(
                Percent.decodeQueryText(raw.substring(start, equals)),
                Percent.decodeQueryText(raw.substring(equals + 1, end)));
    }

    /** The value of the first parameter of that name; names are case-sensitive. */
    public Optional<String> value(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }
}

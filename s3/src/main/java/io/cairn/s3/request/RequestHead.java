package io.cairn.s3.request;

import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.List;
import java.util.Optional;

/** The head of an HTTP request as it stood on the wire, one {@code char} per byte; the query without its {@code ?}. */
public record RequestHead(String method, String rawPath, String rawQuery, List<Header> headers) {
    public RequestHead {
        headers = List.copyOf(headers);
    }

    /** Splits the target of a request line, in origin form or in the absolute form that proxies are sent. */
    public static RequestHead of(String method, String target, List<Header> headers) {
        String origin = originForm(target);
        int mark = origin.indexOf('?');
        String path = mark < 0 ? origin : origin.substring(0, mark);
        String query = mark < 0 ? "" : origin.substring(mark + 1);
        return new RequestHead(method, path.isEmpty() ? "/" : path, query, headers);
    }

    private static String originForm(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        for (int i = scheme + 3; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?') {
                return target.substring(i);
            }
        }
        return "/";
    }

    /** The value of the first field of that name. */
    public Optional<String> header(String name) {
        return Header.first(headers, name);
    }

    public boolean has(String name) {
        return header(name).isPresent();
    }
}

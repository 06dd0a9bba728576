package io.cairn.http;

/**
 * A request's head, checked.
 *
 * @param contentLength the body's length, 0 when there is none, -1 when it is chunked
 */
record RequestHead(
        String method,
        String target,
        boolean http11,
        HeaderList headers,
        long contentLength,
        boolean expectContinue,
        boolean keepAlive)
        implements HeadParse {
    boolean chunked() {
        return contentLength < 0;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }
}

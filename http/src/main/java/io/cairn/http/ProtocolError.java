package io.cairn.http;

/**
 * A request the server itself refuses, before or instead of the handler.
 *
 * @param detail one sentence for the client; holds nothing that the client sent
 */
public record ProtocolError(int status, Reason reason, String detail) implements HeadParse {
    /** Why a request was refused; the faces map it to their own error codes. */
    public enum Reason {
        MALFORMED_REQUEST,
        AMBIGUOUS_LENGTH,
        TARGET_TOO_LONG,
        HEADERS_TOO_LARGE,
        UNSUPPORTED_TRANSFER_CODING,
        UNSUPPORTED_VERSION,
        UNSUPPORTED_EXPECTATION,
        REQUEST_TIMEOUT,
        BODY_TRUNCATED,
        BODY_MALFORMED,
        OVERLOADED,
        INTERNAL
    }

    static ProtocolError malformed(String detail) {
        return new ProtocolError(400, Reason.MALFORMED_REQUEST, detail);
    }
}

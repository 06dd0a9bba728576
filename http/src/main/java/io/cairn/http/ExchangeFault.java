package io.cairn.http;

/**
 * The client's side of an exchange failed: its body broke, or it went away. Carries no stack trace, because clients
 * cause it at will. The handler may let it pass: the server answers where an answer is still possible.
 */
public final class ExchangeFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The connection ended before the body did. */
        BODY_TRUNCATED,
        /** No byte of the body arrived for the allowed time. */
        BODY_STALLED,
        /** The chunked framing is broken. */
        BODY_MALFORMED,
        /** The client read no byte of the response for the allowed time. */
        RESPONSE_STALLED,
        /** The connection is closed or reset. */
        CLIENT_GONE,
        /** The handler's thread was interrupted while it waited for the client. */
        INTERRUPTED
    }

    private final Kind kind;

    ExchangeFault(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

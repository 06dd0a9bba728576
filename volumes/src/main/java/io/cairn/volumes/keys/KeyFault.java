package io.cairn.volumes.keys;

/**
 * A master key that cannot be had: lost, wrong, unreadable, or its server is away. The message says which, and what
 * that means for the volumes under it; it holds no secret.
 */
public final class KeyFault extends RuntimeException {
    private final String message;

    public KeyFault(String message) {
        super(message);
        this.message = message;
    }

    public KeyFault(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}

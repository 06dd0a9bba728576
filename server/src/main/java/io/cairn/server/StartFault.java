package io.cairn.server;

/** Why the daemon does not start: a sentence for the person who started it, with the next step. */
public final class StartFault extends RuntimeException {
    public StartFault(String message) {
        super(message);
    }

    public StartFault(String message, Throwable cause) {
        super(message, cause);
    }
}

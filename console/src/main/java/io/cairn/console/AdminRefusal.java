package io.cairn.console;

/** A request that the admin face refuses, with the HTTP status and a sentence for the client. */
final class AdminRefusal extends RuntimeException {
    private final int status;

    AdminRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}

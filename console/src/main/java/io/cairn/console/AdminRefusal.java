package io.cairn.console;

/** A request that the admin face refuses, with the HTTP status and a sentence for the client. */
final class AdminRefusal extends RuntimeException {
    private final int status;
    private final String sentence;

    AdminRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
        this.sentence = message;
    }

    /** What the client is told. */
    String sentence() {
        return sentence;
    }

    int status() {
        return status;
    }
}

package io.cairn.host;

/** Whether this host can do something. */
public sealed interface Support {
    record Available() implements Support {}

    /** {@code reason} says what is missing and how to get it, for the operator. */
    record Missing(String reason) implements Support {}
}

package io.cairn.client;

/** How a conditional put ended. */
public sealed interface Put {
    /** {@code version} is empty without versioning. {@code tries}: more than one may have made several versions. */
    record Stored(String etag, String version, int tries) implements Put {}

    /** There is an object already. */
    record Taken(int tries) implements Put {}
}

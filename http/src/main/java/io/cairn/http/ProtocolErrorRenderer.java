package io.cairn.http;

import java.nio.charset.StandardCharsets;

/**
 * Gives a refused request the body its clients expect, S3's XML for instance. Called on event loops: must not block.
 */
@FunctionalInterface
public interface ProtocolErrorRenderer {
    Rendered render(ProtocolError error);

    /** A body and its headers; framing headers are the server's. */
    record Rendered(HeaderList headers, byte[] content) {}

    /** One line of plain text. */
    static ProtocolErrorRenderer plainText() {
        return error -> new Rendered(
                HeaderList.of("Content-Type", "text/plain; charset=utf-8"),
                (error.detail() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}

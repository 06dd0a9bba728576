package io.cairn.client;

import java.io.IOException;
import java.io.InputStream;

/**
 * An object being read: its head, and a stream of its bytes. A connection that breaks is opened again where it broke;
 * the end of the stream is reached only when every byte came and the checksum, if the server keeps one, is right. Close
 * it. One thread.
 */
public record ObjectContent(ObjectHead head, InputStream stream) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        stream.close();
    }
}

package io.cairn.engine;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where verified content goes. The buffer is the engine's again when {@link #write} returns; blocking is back-pressure.
 */
@FunctionalInterface
public interface ContentSink {
    void write(ByteBuffer content) throws IOException;
}

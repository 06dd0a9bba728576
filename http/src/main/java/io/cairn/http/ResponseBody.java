package io.cairn.http;

import java.nio.ByteBuffer;

/**
 * The bytes of a response's body, written by the handler's thread. Writes block while the client reads slower than the
 * handler writes: at most the write high-water mark plus one 64 KiB buffer is held per connection. Small writes are
 * gathered; {@link #flush()} sends them. Throws {@link ExchangeFault} when the client is gone or stalls.
 */
public interface ResponseBody extends AutoCloseable {
    /** Writes bytes; they are copied, and the array may be reused after return. */
    void write(byte[] source, int offset, int length);

    /**
     * Writes what remains of the buffer, which may be reused after return. Large direct buffers are handed to the
     * socket without a copy, and the call returns when the kernel has taken them; anything else is copied.
     */
    void write(ByteBuffer source);

    /** Sends what was gathered, without waiting until the client has it. */
    void flush();

    /**
     * Ends the response. When fewer bytes were written than promised the connection is reset, so that the client sees
     * an error and never a short success.
     */
    @Override
    void close();
}

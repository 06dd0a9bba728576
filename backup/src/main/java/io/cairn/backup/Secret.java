package io.cairn.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A password or key in memory, wiped when it is closed. Never printed. Safe for use by many threads. */
public final class Secret implements AutoCloseable {
    private final byte[] bytes;

    /** Takes the array over; nobody else keeps it. */
    public Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy, which the caller wipes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** As text, for programs that take nothing else; cannot be wiped. */
    public String text() {
        return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes)).toString();
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}

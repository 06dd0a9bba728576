package io.cairn.host;

import java.util.Arrays;

/**
 * The bytes of a key. Never in a message, in a command line or in a file's name; wiped when closed. For one thread at a
 * time.
 */
public final class KeyMaterial implements AutoCloseable {
    private final byte[] bytes;

    /** Takes a copy; the caller wipes its own. */
    public KeyMaterial(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** The bytes themselves, not a copy: valid until {@link #close}. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "key of " + bytes.length + " bytes";
    }
}

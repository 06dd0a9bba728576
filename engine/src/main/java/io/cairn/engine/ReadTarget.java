package io.cairn.engine;

import java.nio.ByteBuffer;

/**
 * The memory that a read fills. A drive that hangs may write into it long after the read was given up, so it is
 * exchanged then, and the old one is left to the drive and the collector. Owned by one thread.
 */
final class ReadTarget {
    private ByteBuffer buffer;

    ReadTarget(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** A target of as many bytes on the heap. */
    static ReadTarget ofBytes(int length) {
        return new ReadTarget(ByteBuffer.allocate(length));
    }

    /** The present memory; what was filled so far lies before its position. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** The whole array of a target on the heap. */
    byte[] bytes() {
        return buffer.array();
    }

    /** Goes on in fresh memory, with what was filled so far. */
    void exchange() {
        ByteBuffer fresh = buffer.isDirect()
                ? ByteBuffer.allocateDirect(buffer.capacity())
                : ByteBuffer.allocate(buffer.capacity());
        int filled = buffer.position();
        fresh.put(0, buffer, 0, filled).limit(buffer.limit()).position(filled);
        buffer = fresh;
    }
}

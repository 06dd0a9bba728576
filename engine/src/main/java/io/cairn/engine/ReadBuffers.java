package io.cairn.engine;

import io.cairn.model.UnavailableFault;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The direct buffers that content is read into on its way to clients: few and large, or many and small when there are
 * many readers, so that slow readers cannot take all memory. Thread-safe.
 */
final class ReadBuffers {
    private static final int LARGE_BYTES = 256 << 10;
    private static final int SMALL_BYTES = 64 << 10;
    private static final int LARGE_MAX = 64;
    private static final int SMALL_MAX = 2048;

    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private int largeTaken;
    private int smallTaken;

    /** A cleared buffer for reading that many bytes piece by piece. */
    synchronized ByteBuffer take(long wanted) {
        if (wanted > SMALL_BYTES && largeTaken < LARGE_MAX) {
            largeTaken++;
            ByteBuffer buffer = large.poll();
            return buffer != null ? buffer.clear() : ByteBuffer.allocateDirect(LARGE_BYTES);
        }
        if (smallTaken >= SMALL_MAX) {
            throw new UnavailableFault(SMALL_MAX + " reads are under way already; try again later");
        }
        smallTaken++;
        ByteBuffer buffer = small.poll();
        return buffer != null ? buffer.clear() : ByteBuffer.allocateDirect(SMALL_BYTES);
    }

    synchronized void give(ByteBuffer buffer) {
        if (buffer.capacity() == LARGE_BYTES) {
            largeTaken--;
            large.push(buffer);
        } else {
            smallTaken--;
            small.push(buffer);
        }
    }
}

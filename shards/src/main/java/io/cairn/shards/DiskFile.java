package io.cairn.shards;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. Safe for use by many threads; each call stands for itself. */
public interface DiskFile extends AutoCloseable {
    /**
     * Fills the buffer from {@code position} on, as far as the file reaches; answers how many bytes were read, 0 at its
     * end.
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes the whole buffer. Not atomic: after a failure or a crash any part of it may be there. */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Makes the bytes and the length of the file durable. After a failure nothing is known about what was written
     * before.
     */
    void force() throws IOException;

    long size() throws IOException;

    /** Cuts the file, or extends it by a hole. */
    void truncate(long size) throws IOException;

    /** Gives the blocks of a range back to the file system; it reads as zeros from then on. */
    void punch(long offset, long length) throws IOException;

    /** Forgets cached pages that are clean, so that the next read asks the device itself. Best effort. */
    void dropCache() throws IOException;

    @Override
    void close() throws IOException;
}

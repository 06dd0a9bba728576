package io.cairn.backup.dump;

import java.io.InputStream;

/**
 * A program that runs, here or in a container, and prints. Its status counts only when its output has been read to the
 * end. One thread.
 */
interface Program extends AutoCloseable {
    InputStream out();

    /** The last of what it said on its standard error. */
    String errors();

    /** Waits for its end. */
    int status();

    /** Ends it if it still runs. */
    @Override
    void close();
}

package io.cairn.acceptance.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The machine that the daemon runs on, and how it fails. */
interface Machine extends AutoCloseable {
    /** The data directories of the daemon. */
    List<Path> data();

    /**
     * Ends the daemon at once, with all that this machine loses when it happens. The directories are ready again then.
     */
    void crash(Daemon daemon) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}

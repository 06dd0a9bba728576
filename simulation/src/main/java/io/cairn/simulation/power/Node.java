package io.cairn.simulation.power;

import java.io.IOException;
import java.time.Instant;
import java.util.SplittableRandom;

/** A file or a directory of a volatile disk, whatever it is called. Thread-safe. */
abstract sealed class Node permits VolatileFile, VolatileDirectory {
    private volatile int mode;
    private volatile Instant modified;

    Node(int mode, Instant modified) {
        this.mode = mode;
        this.modified = modified;
    }

    final int mode() {
        return mode;
    }

    final void mode(int permissions) {
        mode = mode & ~0xfff | permissions & 0xfff;
    }

    final Instant modified() {
        return modified;
    }

    final void modified(Instant time) {
        modified = time;
    }

    /** Makes durable what was changed before this call. */
    abstract void sync() throws IOException;

    /** The power was cut: goes back to what is durable, and to what else survived. */
    abstract void crash(PowerLoss loss, SplittableRandom random) throws IOException;
}

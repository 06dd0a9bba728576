package io.cairn.host;

import java.time.Duration;

/**
 * A filesystem that takes no writes: what is on its device is consistent. Ends with {@link #thaw}, with {@link #close},
 * or by itself when its bound has passed, whichever is first. For one thread.
 */
public interface Freeze extends AutoCloseable {
    /** How a freeze ended. */
    sealed interface Thaw {
        /** Frozen until {@link #thaw} was called: what was copied meanwhile is consistent. */
        record InTime(Duration frozen) implements Thaw {}

        /** The bound passed first, or somebody else thawed it: what was copied is not to be trusted. */
        record TooLate(Duration bound) implements Thaw {}
    }

    /** Thaws, and says whether the freeze held until now. Called again it gives the same answer. */
    Thaw thaw();

    /** Thaws if that has not been done. */
    @Override
    void close();
}

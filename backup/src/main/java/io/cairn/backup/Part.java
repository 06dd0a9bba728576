package io.cairn.backup;

import io.cairn.repository.Backup;

/**
 * One part of a recovery point: something that makes a snapshot of itself. Made for one run and closed after it; one
 * thread. Errors: {@link SourceFault}, and those of the repository.
 */
public interface Part extends AutoCloseable {
    /** Which data it is, the same from run to run. */
    SourceName name();

    /** Makes the snapshot. When it throws, there is none. */
    Taken take(Backup backup);

    @Override
    default void close() {}
}

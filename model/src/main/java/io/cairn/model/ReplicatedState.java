package io.cairn.model;

import java.nio.file.Path;
import java.util.List;

/**
 * The state that one member of the {@link CommandLog} builds by applying the log in order. Applying is deterministic:
 * it depends on the state and the command alone, never on a clock or on randomness. One thread applies; reads by other
 * threads may go on at the same time.
 */
public interface ReplicatedState extends AutoCloseable {
    /** The highest log index that the state holds; after a restart this may be lower, never higher, than before. */
    long appliedIndex();

    /**
     * Applies the commands of one log entry atomically, together with {@code index}, and answers each in order. An
     * entry with an index at or below {@link #appliedIndex()} is never passed again by the log.
     */
    List<byte[]> apply(long index, List<byte[]> commands);

    /** Notes a log entry that carries no commands (an election, a membership change). */
    void skip(long index);

    /** Makes everything applied so far durable and returns the index that is now certainly durable. */
    long flush();

    /** Writes a consistent, durable copy of the state into the empty directory and returns its applied index. */
    long checkpoint(Path directory);

    /** Replaces the whole state by a checkpoint; the directory may be consumed. On return the new state is durable. */
    void restore(Path directory);

    @Override
    void close();
}

package io.cairn.shards;

import io.cairn.model.ShardKey;
import java.util.Map;
import java.util.Optional;

/**
 * The index of one drive: key to places, and what is known of each segment. It is a cache of the segments: after a
 * crash it may be any earlier state of itself (each {@link #commit} is there as a whole or not at all, in order), or be
 * lost. Many threads read; one commits.
 */
interface ShardIndex extends AutoCloseable {
    /** The row of a key; {@link IndexRow#EMPTY} when nothing is known of it. */
    IndexRow row(ShardKey key);

    Map<Long, SegmentRow> segments();

    /** The next batch and sequence numbers to use, if the index knows. */
    Mark mark();

    /**
     * Applies a change as a whole.
     *
     * @param rows new rows; an empty one removes the key
     * @param segments new segment rows; an empty one removes the segment
     */
    void commit(Map<ShardKey, IndexRow> rows, Map<Long, Optional<SegmentRow>> segments, Mark mark);

    /** Makes everything committed so far durable. */
    void flush();

    @Override
    void close();

    /** The numbers that go up for ever on a drive. */
    record Mark(long batch, long sequence) {
        static final Mark START = new Mark(1, 1);

        Mark max(Mark other) {
            return new Mark(Math.max(batch, other.batch), Math.max(sequence, other.sequence));
        }
    }
}

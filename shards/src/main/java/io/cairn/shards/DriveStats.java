package io.cairn.shards;

/**
 * Counts of one drive since it was opened, for metrics.
 *
 * @param syncs calls of fdatasync
 * @param syncNanos the time spent in them
 * @param batches group commits
 * @param requests appends, releases and moves in those
 * @param writtenBytes bytes appended to segments
 * @param reclaimedBytes bytes given back to the file system
 * @param queueDepth requests waiting now
 * @param queueBytes their weight
 * @param damagedRanges places where stored bytes were found to be damaged
 */
public record DriveStats(
        long syncs,
        long syncNanos,
        long batches,
        long requests,
        long writtenBytes,
        long reclaimedBytes,
        long compactions,
        long corruptReads,
        int queueDepth,
        long queueBytes,
        long damagedRanges) {}

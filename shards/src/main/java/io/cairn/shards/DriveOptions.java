package io.cairn.shards;

import java.time.Duration;

/**
 * The bounds of one drive. All sizes are bytes.
 *
 * @param packedSegmentBytes where a segment of small shards ends
 * @param bulkSegmentBytes where a segment of large shards ends
 * @param bulkRecordBytes payloads of this length and more go to bulk segments
 * @param batchBytesMax how much one sync may carry
 * @param batchRecordsMax how many requests one sync may carry
 * @param queueBytesMax how much may wait for the writer before callers are made to wait
 * @param queueRecordsMax how many requests may wait
 * @param reserveBytes the drive is full when the file system offers less than this; kept for releases and compaction
 * @param emergencyBytes a file of zeros given up when the file system is full to the last byte and a release must be
 *     written
 * @param openFilesMax how many segment files are kept open
 * @param indexWriteBufferBytes one write buffer of the index; there are at most two
 * @param indexCacheBytes block cache of the index, with its filters
 * @param deadPercent a packed segment with this share of dead bytes is compacted
 * @param stallLimit how long a write, a sync or a look may take before the drive counts as hung
 * @param watchInterval how often the drive looks whether it is still there, and how much space it has; at most a second
 */
public record DriveOptions(
        long packedSegmentBytes,
        long bulkSegmentBytes,
        int bulkRecordBytes,
        int batchBytesMax,
        int batchRecordsMax,
        long queueBytesMax,
        int queueRecordsMax,
        long reserveBytes,
        int emergencyBytes,
        int openFilesMax,
        long indexWriteBufferBytes,
        long indexCacheBytes,
        int deadPercent,
        Duration stallLimit,
        Duration watchInterval) {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    public DriveOptions {
        require(packedSegmentBytes >= 64 * KIB && packedSegmentBytes <= 1L << 36, "packedSegmentBytes");
        require(bulkSegmentBytes >= 64 * KIB && bulkSegmentBytes <= 1L << 36, "bulkSegmentBytes");
        require(bulkRecordBytes >= KIB, "bulkRecordBytes");
        require(batchBytesMax > 0 && batchRecordsMax > 0, "batchBytesMax and batchRecordsMax");
        require(queueBytesMax > 0 && queueRecordsMax > 0, "queueBytesMax and queueRecordsMax");
        require(reserveBytes >= 0 && emergencyBytes >= 0, "reserveBytes and emergencyBytes");
        require(openFilesMax > 0, "openFilesMax");
        require(indexWriteBufferBytes >= 64 * KIB && indexCacheBytes >= 64 * KIB, "index budgets");
        require(deadPercent > 0 && deadPercent <= 100, "deadPercent");
        require(stallLimit.isPositive(), "stallLimit");
        require(watchInterval.isPositive() && watchInterval.toMillis() <= 1000, "watchInterval");
    }

    private static void require(boolean inBounds, String name) {
        if (!inBounds) {
            throw new IllegalArgumentException("out of bounds: " + name);
        }
    }

    /** What a node uses. */
    public static DriveOptions standard() {
        return new DriveOptions(
                64L * MIB,
                1024L * MIB,
                64 * KIB,
                16 * MIB,
                1024,
                64L * MIB,
                4096,
                160L * MIB,
                4 * MIB,
                256,
                16L * MIB,
                32L * MIB,
                50,
                Duration.ofSeconds(10),
                Duration.ofMillis(500));
    }

    /** Small segments, for tests and for small file systems. */
    public DriveOptions withSegments(long packedBytes, long bulkBytes) {
        return new DriveOptions(
                packedBytes,
                bulkBytes,
                bulkRecordBytes,
                batchBytesMax,
                batchRecordsMax,
                queueBytesMax,
                queueRecordsMax,
                reserveBytes,
                emergencyBytes,
                openFilesMax,
                indexWriteBufferBytes,
                indexCacheBytes,
                deadPercent,
                stallLimit,
                watchInterval);
    }

    /** Another reserve, for small file systems. */
    public DriveOptions withReserve(long reserve, int emergency) {
        return new DriveOptions(
                packedSegmentBytes,
                bulkSegmentBytes,
                bulkRecordBytes,
                batchBytesMax,
                batchRecordsMax,
                queueBytesMax,
                queueRecordsMax,
                reserve,
                emergency,
                openFilesMax,
                indexWriteBufferBytes,
                indexCacheBytes,
                deadPercent,
                stallLimit,
                watchInterval);
    }

    /** Another time after which a drive counts as hung. */
    public DriveOptions withStallLimit(Duration limit) {
        return new DriveOptions(
                packedSegmentBytes,
                bulkSegmentBytes,
                bulkRecordBytes,
                batchBytesMax,
                batchRecordsMax,
                queueBytesMax,
                queueRecordsMax,
                reserveBytes,
                emergencyBytes,
                openFilesMax,
                indexWriteBufferBytes,
                indexCacheBytes,
                deadPercent,
                limit,
                watchInterval);
    }

    /** Another bound on what may wait for the writer. */
    public DriveOptions withQueue(long bytes, int records) {
        return new DriveOptions(
                packedSegmentBytes,
                bulkSegmentBytes,
                bulkRecordBytes,
                batchBytesMax,
                batchRecordsMax,
                bytes,
                records,
                reserveBytes,
                emergencyBytes,
                openFilesMax,
                indexWriteBufferBytes,
                indexCacheBytes,
                deadPercent,
                stallLimit,
                watchInterval);
    }
}

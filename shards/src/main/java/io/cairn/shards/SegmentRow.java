package io.cairn.shards;

import java.nio.ByteBuffer;

/**
 * What the index keeps of a segment: how far it has read it, and the sums over its live records.
 *
 * @param indexedTo every record before this offset is reflected in the index
 * @param lastBatch the highest batch before that offset
 */
record SegmentRow(long indexedTo, long liveBytes, long liveShards, long punchedBytes, long lastBatch) {
    static final SegmentRow NEW = new SegmentRow(SegmentHeader.BYTES, 0, 0, 0, 0);

    byte[] encode() {
        return ByteBuffer.allocate(5 * Long.BYTES)
                .putLong(indexedTo)
                .putLong(liveBytes)
                .putLong(liveShards)
                .putLong(punchedBytes)
                .putLong(lastBatch)
                .array();
    }

    static SegmentRow decode(byte[] encoded) {
        ByteBuffer value = ByteBuffer.wrap(encoded);
        return new SegmentRow(value.getLong(), value.getLong(), value.getLong(), value.getLong(), value.getLong());
    }
}

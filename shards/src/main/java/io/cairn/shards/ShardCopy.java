package io.cairn.shards;

/** Where one record of a shard lies. Several may exist of a key until compaction: an older one, or one just copied. */
record ShardCopy(long segment, long offset, int labelLength, int payloadLength, long sequence) {
    boolean samePlace(ShardCopy other) {
        return segment == other.segment && offset == other.offset;
    }

    /** Of two copies the later one counts; of two equal ones the one in the newer segment. */
    boolean newerThan(ShardCopy other) {
        if (sequence != other.sequence) {
            return sequence > other.sequence;
        }
        return segment != other.segment ? segment > other.segment : offset > other.offset;
    }
}

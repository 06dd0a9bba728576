package io.cairn.model;

/**
 * The identity of one written run of bytes (an object's content, a part). Never used twice: the high bits are the
 * {@linkplain Command.AcquireLease lease epoch} of the writer, the low {@value #SEQUENCE_BITS} bits its own counter.
 */
public record BlobId(long value) implements Comparable<BlobId> {
    /** How many low bits count the blobs of one epoch. */
    public static final int SEQUENCE_BITS = 36;

    public BlobId {
        if (value <= 0) {
            throw new IllegalArgumentException("a blob id is positive: " + value);
        }
    }

    public static BlobId of(long epoch, long sequence) {
        if (epoch <= 0 || epoch >= 1L << 63 - SEQUENCE_BITS || sequence < 0 || sequence >= 1L << SEQUENCE_BITS) {
            throw new IllegalArgumentException("blob id out of range: epoch " + epoch + ", sequence " + sequence);
        }
        return new BlobId(epoch << SEQUENCE_BITS | sequence);
    }

    public long epoch() {
        return value >>> SEQUENCE_BITS;
    }

    public long sequence() {
        return value & (1L << SEQUENCE_BITS) - 1;
    }

    @Override
    public int compareTo(BlobId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return epoch() + "." + sequence();
    }
}

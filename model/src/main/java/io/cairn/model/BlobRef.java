package io.cairn.model;

/**
 * Where a blob is and how it is cut: {@code length} bytes in stripes of {@code stripeBytes} (the last one shorter),
 * each stripe kept by {@code redundancy} on the drives of placement group {@code group}. An empty blob has one empty
 * stripe, which carries its label.
 */
public record BlobRef(BlobId id, long length, int stripeBytes, Redundancy redundancy, int group) {
    public BlobRef {
        if (length < 0 || stripeBytes <= 0 || group < 0) {
            throw new IllegalArgumentException(
                    "impossible blob " + id + ": length " + length + ", stripe " + stripeBytes + ", group " + group);
        }
    }

    public int stripes() {
        return Math.toIntExact(Math.max(1, (length + stripeBytes - 1) / stripeBytes));
    }

    /** The number of content bytes in the given stripe. */
    public int stripeLength(int stripe) {
        return (int) Math.min(stripeBytes, length - (long) stripe * stripeBytes);
    }

    /**
     * The number of bytes in each shard of the given stripe (for erasure coding the last data shard is padded to it).
     */
    public int shardLength(int stripe) {
        int length = stripeLength(stripe);
        return switch (redundancy) {
            case Redundancy.Copies _ -> length;
            case Redundancy.Erasure(int data, int _) -> (length + data - 1) / data;
        };
    }
}

package io.cairn.model;

/**
 * The name of one shard on a drive: shard {@code index} of stripe {@code stripe} of a blob. Stripe {@link #SEAL} is the
 * blob's seal: a record without payload whose label is the finished row, written last.
 */
public record ShardKey(BlobId blob, int stripe, int index) implements Comparable<ShardKey> {
    /** The stripe number of a seal. */
    public static final int SEAL = Integer.MAX_VALUE;

    public ShardKey {
        if (stripe < 0 || index < 0 || index > 0xff) {
            throw new IllegalArgumentException("impossible shard " + blob + "/" + stripe + "/" + index);
        }
    }

    @Override
    public int compareTo(ShardKey other) {
        int byBlob = blob.compareTo(other.blob);
        if (byBlob != 0) {
            return byBlob;
        }
        int byStripe = Integer.compare(stripe, other.stripe);
        return byStripe != 0 ? byStripe : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return blob + "/" + (stripe == SEAL ? "seal" : stripe) + "/" + index;
    }
}

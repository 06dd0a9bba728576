package io.cairn.erasure;

import java.util.Objects;

/**
 * The erasure code of one {@link ErasureScheme}: makes the parity shards of a stripe and gives back lost shards from
 * any k others. The code is systematic (data shards are the data) and every byte position stands alone, so any byte
 * range of a stripe can be coded by itself.
 *
 * <p>Bytes are those of ISA-L's {@code gf_gen_cauchy1_matrix} (polynomial 0x11d). Shards are heap arrays, distinct from
 * each other, of which the range {@code offset, length} is used, up to 1 GiB. Nothing here detects wrong bytes: a shard
 * that is present must be right, which is for checksums to say.
 *
 * <p>Immutable and thread-safe. Speed changes once: a scalar kernel serves from the first call, and a vector kernel
 * from about a second later, when the machine has one (decision 0010).
 */
public final class ErasureCode {
    /** The end of the longest range, 1 GiB: far from where indexes of an array overflow. */
    private static final int MAX_END = 1 << 30;

    private final ErasureScheme scheme;
    private final ActiveKernel active;
    private final Coefficients encoding;
    private final DecodingCache decoding;

    /** The code of a scheme, on the fastest kernel that this process has warm. */
    public ErasureCode(ErasureScheme scheme) {
        this(scheme, ActiveKernel.shared());
    }

    ErasureCode(ErasureScheme scheme, ActiveKernel active) {
        this.scheme = scheme;
        this.active = active;
        encoding = parityCoefficients(scheme);
        decoding = new DecodingCache(scheme);
    }

    /** The code of a scheme, on the scalar kernel for ever: the yardstick for benchmarks. */
    public static ErasureCode scalar(ErasureScheme scheme) {
        return new ErasureCode(scheme, new ActiveKernel(new ScalarKernel()));
    }

    static Coefficients parityCoefficients(ErasureScheme scheme) {
        return new Coefficients(Matrix.generator(scheme).rowsFrom(scheme.data()));
    }

    public ErasureScheme scheme() {
        return scheme;
    }

    /** The kernel that the next call would use, for people: {@code scalar}, {@code vector-512}. */
    public String kernelName() {
        return active.kernel().name();
    }

    /**
     * Computes all parity shards from all data shards.
     *
     * @throws IllegalArgumentException if the number of shards is not the scheme's
     * @throws IndexOutOfBoundsException if a shard is shorter than the range
     */
    public void encode(byte[][] data, byte[][] parity, int offset, int length) {
        expect(data.length, scheme.data(), "data shards");
        expect(parity.length, scheme.parity(), "parity shards");
        checkRange(data, offset, length);
        checkRange(parity, offset, length);
        if (parity.length > 0) {
            active.kernel().multiply(encoding, data, parity, offset, length);
        }
    }

    /**
     * Fills the absent shards, data and parity, from k that are present. {@code shards} holds the data shards, then the
     * parity shards; {@code present} says which hold their bytes, and is not changed.
     *
     * @throws IllegalArgumentException if fewer than k shards are present, or the number of shards is not the scheme's
     * @throws IndexOutOfBoundsException if a shard that is read or filled is shorter than the range
     */
    public void reconstruct(byte[][] shards, boolean[] present, int offset, int length) {
        fill(shards, present, scheme.shards(), offset, length);
    }

    /** As {@link #reconstruct}, but fills absent data shards only; absent parity shards may be empty arrays. */
    public void reconstructData(byte[][] shards, boolean[] present, int offset, int length) {
        fill(shards, present, scheme.data(), offset, length);
    }

    private void fill(byte[][] shards, boolean[] present, int wanted, int offset, int length) {
        expect(shards.length, scheme.shards(), "shards");
        expect(present.length, scheme.shards(), "marks of presence");
        Decoding plan = decoding.of(present, wanted);
        if (plan.targets().length == 0) {
            return;
        }
        byte[][] inputs = pick(shards, plan.sources());
        byte[][] outputs = pick(shards, plan.targets());
        checkRange(inputs, offset, length);
        checkRange(outputs, offset, length);
        active.kernel().multiply(plan.coefficients(), inputs, outputs, offset, length);
    }

    private static byte[][] pick(byte[][] shards, int[] indexes) {
        byte[][] picked = new byte[indexes.length][];
        for (int i = 0; i < indexes.length; i++) {
            picked[i] = shards[indexes[i]];
        }
        return picked;
    }

    private static void checkRange(byte[][] shards, int offset, int length) {
        if ((long) offset + length > MAX_END) {
            throw new IllegalArgumentException(
                    "a shard is coded up to byte %d at most, not %d + %d".formatted(MAX_END, offset, length));
        }
        for (byte[] shard : shards) {
            Objects.checkFromIndexSize(offset, length, shard.length);
        }
    }

    private void expect(int actual, int expected, String what) {
        if (actual != expected) {
            throw new IllegalArgumentException("scheme %s has %d %s, not %d".formatted(scheme, expected, what, actual));
        }
    }
}

package io.cairn.erasure;

import java.util.stream.IntStream;

/**
 * How to get absent shards back: which k shards to read, which to fill, and the coefficients from one to the other.
 * When nothing is to be filled there are no targets and no coefficients to use. Immutable.
 */
record Decoding(int[] sources, int[] targets, Coefficients coefficients) {
    /** Plans to fill the absent shards among the first {@code wanted}, reading data shards before parity shards. */
    static Decoding plan(ErasureScheme scheme, boolean[] present, int wanted) {
        int[] sources = IntStream.range(0, scheme.shards())
                .filter(shard -> present[shard])
                .limit(scheme.data())
                .toArray();
        if (sources.length < scheme.data()) {
            throw new IllegalArgumentException("scheme %s needs %d shards to give back the others, and %d are present"
                    .formatted(scheme, scheme.data(), sources.length));
        }
        int[] targets =
                IntStream.range(0, wanted).filter(shard -> !present[shard]).toArray();
        Matrix generator = Matrix.generator(scheme);
        Matrix dataFromSources = generator.pick(sources).inverse();
        Matrix rows =
                targets.length == 0 ? dataFromSources : generator.pick(targets).times(dataFromSources);
        return new Decoding(sources, targets, new Coefficients(rows));
    }
}

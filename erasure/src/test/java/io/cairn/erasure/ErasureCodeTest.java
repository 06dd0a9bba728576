package io.cairn.erasure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Entropy;
import io.cairn.testkit.Property;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ErasureCodeTest {
    private static final HexFormat HEX = HexFormat.of();

    static Stream<Kernel> kernels() {
        return KernelTest.kernels();
    }

    /** Every scheme up to 8+4, every set of up to m lost shards: 3,410 reconstructions. */
    @ParameterizedTest
    @MethodSource("kernels")
    void reconstruct_ofEveryLossPatternUpTo8Plus4_givesTheShardsBack(Kernel kernel) {
        int patterns = 0;
        for (int data = 1; data <= 8; data++) {
            for (int parity = 0; parity <= 4; parity++) {
                ErasureCode code = new ErasureCode(new ErasureScheme(data, parity), new ActiveKernel(kernel));
                byte[][] stripe = stripe(code, 67, 100L * data + parity);
                for (int lost = 0; lost < 1 << code.scheme().shards(); lost++) {
                    if (Integer.bitCount(lost) <= parity) {
                        expectReconstruction(code, stripe, lost);
                        patterns++;
                    }
                }
            }
        }
        assertEquals(3410, patterns);
    }

    @Test
    void reconstruct_ofRandomLossesInTheWidestSchemes_givesTheShardsBack() {
        Property.holds(200, random -> {
            ErasureScheme scheme = new ErasureScheme(9 + random.nextInt(8), 1 + random.nextInt(8));
            ErasureCode code = ErasureCode.scalar(scheme);
            byte[][] stripe = stripe(code, 1 + random.nextInt(100), random.nextLong());
            int lost = 0;
            for (int i = 0; i < scheme.parity(); i++) {
                lost |= 1 << random.nextInt(scheme.shards());
            }
            expectReconstruction(code, stripe, lost);
        });
    }

    private static byte[][] stripe(ErasureCode code, int length, long seed) {
        ErasureScheme scheme = code.scheme();
        byte[][] stripe = new byte[scheme.shards()][length];
        Entropy entropy = Entropy.seeded(seed);
        for (int shard = 0; shard < scheme.data(); shard++) {
            entropy.fill(stripe[shard]);
        }
        byte[][] data = Arrays.copyOf(stripe, scheme.data());
        code.encode(data, Arrays.copyOfRange(stripe, scheme.data(), scheme.shards()), 0, length);
        return stripe;
    }

    private static void expectReconstruction(ErasureCode code, byte[][] stripe, int lost) {
        byte[][] shards = new byte[stripe.length][];
        boolean[] present = new boolean[stripe.length];
        for (int shard = 0; shard < stripe.length; shard++) {
            present[shard] = (lost >> shard & 1) == 0;
            shards[shard] = present[shard] ? stripe[shard].clone() : new byte[stripe[shard].length];
        }
        code.reconstruct(shards, present, 0, stripe[0].length);
        assertTrue(
                Arrays.deepEquals(stripe, shards),
                () -> "scheme " + code.scheme() + ", lost " + Integer.toBinaryString(lost));
    }

    @Test
    void reconstruct_withFewerThanKPresent_isRefused() {
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(4, 2));
        boolean[] present = {true, false, true, false, true, false};
        byte[][] shards = new byte[6][10];
        assertThrows(IllegalArgumentException.class, () -> code.reconstruct(shards, present, 0, 10));
        assertThrows(IllegalArgumentException.class, () -> code.reconstructData(shards, present, 0, 10));
    }

    @Test
    void reconstructData_leavesParityAlone() {
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(3, 2));
        byte[][] stripe = stripe(code, 20, 3);
        byte[][] shards = {stripe[0], new byte[20], stripe[2], stripe[3], {}};
        code.reconstructData(shards, new boolean[] {true, false, true, true, false}, 0, 20);
        assertArrayEquals(stripe[1], shards[1]);
        assertEquals(0, shards[4].length);
    }

    @Test
    void reconstruct_ofARange_touchesNothingElse() {
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(2, 1));
        byte[][] stripe = stripe(code, 50, 2);
        byte[][] shards = {stripe[0], new byte[50], stripe[2]};
        code.reconstruct(shards, new boolean[] {true, false, true}, 7, 30);
        assertArrayEquals(Arrays.copyOfRange(stripe[1], 7, 37), Arrays.copyOfRange(shards[1], 7, 37));
        assertArrayEquals(new byte[7], Arrays.copyOf(shards[1], 7));
        assertArrayEquals(new byte[13], Arrays.copyOfRange(shards[1], 37, 50));
    }

    @Test
    void encode_ofAnotherShape_isRefused() {
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(2, 1));
        assertThrows(IllegalArgumentException.class, () -> code.encode(new byte[3][10], new byte[1][10], 0, 10));
        assertThrows(IllegalArgumentException.class, () -> code.encode(new byte[2][10], new byte[2][10], 0, 10));
        assertThrows(IndexOutOfBoundsException.class, () -> code.encode(new byte[2][10], new byte[1][9], 0, 10));
        assertThrows(IndexOutOfBoundsException.class, () -> code.encode(new byte[2][10], new byte[1][10], -1, 10));
    }

    @Test
    void encode_beyondOneGibibyte_isRefused() {
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(1, 1));
        byte[][] shard = new byte[1][10];
        assertThrows(IllegalArgumentException.class, () -> code.encode(shard, shard, 1, 1 << 30));
        assertThrows(IllegalArgumentException.class, () -> code.encode(shard, shard, Integer.MAX_VALUE, 1));
    }

    /** The rows that ISA-L 2.30 makes for 4+2; stored parity depends on them for ever. */
    @Test
    void generator_of4Plus2_isIsals() {
        Matrix generator = Matrix.generator(new ErasureScheme(4, 2));
        int[][] parity = {{71, 167, 122, 186}, {167, 71, 186, 122}};
        assertArrayEquals(parity, generator.rowsFrom(4).cells());
    }

    /** Parity that ISA-L 2.30 computed; stored parity depends on it for ever. */
    @Test
    void encode_ofAKnownStripe_givesTheKnownParity() {
        byte[][] data = {
            "cairn-00".getBytes(US_ASCII),
            "cairn-01".getBytes(US_ASCII),
            "cairn-02".getBytes(US_ASCII),
            "cairn-03".getBytes(US_ASCII)
        };
        byte[][] parity = new byte[2][8];
        ErasureCode.scalar(new ErasureScheme(4, 2)).encode(data, parity, 0, 8);
        assertEquals("fcbca1e641c94ece", HEX.formatHex(parity[0]));
        assertEquals("fcbca1e641c94eee", HEX.formatHex(parity[1]));
    }

    @Test
    void decodings_areKeptBoundedly() {
        ErasureScheme scheme = new ErasureScheme(8, 4);
        DecodingCache cache = new DecodingCache(scheme);
        boolean[] onlyFirstLost = present(scheme, 1);
        Decoding first = cache.of(onlyFirstLost, 12);
        assertTrue(first == cache.of(onlyFirstLost, 12), "a second request is served from the cache");
        for (int lost = 1; lost < 1 << 12; lost++) {
            if (Integer.bitCount(lost) <= 4) {
                cache.of(present(scheme, lost), 12);
            }
        }
        assertEquals(DecodingCache.CAPACITY, cache.size());
    }

    private static boolean[] present(ErasureScheme scheme, int lost) {
        boolean[] present = new boolean[scheme.shards()];
        for (int shard = 0; shard < present.length; shard++) {
            present[shard] = (lost >> shard & 1) == 0;
        }
        return present;
    }

    @Test
    void code_usedByManyThreads_givesEachItsOwnBytes() throws InterruptedException, ExecutionException {
        ErasureCode code = ErasureCode.scalar(new ErasureScheme(6, 3));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = IntStream.range(0, 64)
                    .mapToObj(run -> executor.submit(() -> {
                        byte[][] stripe = stripe(code, 1000 + run, run);
                        expectReconstruction(code, stripe, 0b100_000_011 << run % 2 & 0x1ff);
                    }))
                    .toList();
            for (var run : runs) {
                run.get();
            }
        }
    }
}

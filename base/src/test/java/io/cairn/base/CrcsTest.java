package io.cairn.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CrcsTest {
    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void combine_ofAnySplit_isTheDigestOfTheWhole(ChecksumAlgorithm algorithm) {
        SplittableRandom random = new SplittableRandom(0xc0b1);
        for (int run = 0; run < 300; run++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            int split = random.nextInt(bytes.length + 1);
            byte[] combined = Crcs.combine(
                    algorithm,
                    Checksum.digest(algorithm, Arrays.copyOf(bytes, split)),
                    Checksum.digest(algorithm, Arrays.copyOfRange(bytes, split, bytes.length)),
                    bytes.length - split);
            assertArrayEquals(Checksum.digest(algorithm, bytes), combined, "seed 0xc0b1, run " + run);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void combine_ofManyParts_isTheDigestOfTheWhole(ChecksumAlgorithm algorithm) {
        byte[] part = Entropy.seeded(5).bytes(70_001);
        Checksum whole = Checksum.of(algorithm);
        byte[] combined = new byte[algorithm.digestLength()];
        for (int i = 0; i < 10; i++) {
            whole.update(part, 0, part.length - i);
            byte[] digest = Checksum.digest(algorithm, Arrays.copyOf(part, part.length - i));
            combined = Crcs.combine(algorithm, combined, digest, part.length - i);
        }
        assertArrayEquals(whole.digest(), combined);
    }

    /** Lengths add up: no exponent may overflow on the way. */
    @Test
    void combine_withLengthsBeyondInt_agreesWithCombiningTwice() {
        long half = (1L << 40) + 12_345;
        long once = Crcs.combine(ChecksumAlgorithm.CRC64NVME, 0x0123456789abcdefL, 0, 2 * half);
        long first = Crcs.combine(ChecksumAlgorithm.CRC64NVME, 0x0123456789abcdefL, 0, half);
        assertEquals(once, Crcs.combine(ChecksumAlgorithm.CRC64NVME, first, 0, half));
    }

    @Test
    void combine_ofWhatCannotBeCombined_isRefused() {
        byte[] four = new byte[4];
        assertThrows(
                IllegalArgumentException.class,
                () -> Crcs.combine(ChecksumAlgorithm.SHA1, new byte[20], new byte[20], 1));
        assertThrows(IllegalArgumentException.class, () -> Crcs.combine(ChecksumAlgorithm.CRC32, four, new byte[8], 1));
        assertThrows(IllegalArgumentException.class, () -> Crcs.combine(ChecksumAlgorithm.CRC32, four, four, -1));
    }
}

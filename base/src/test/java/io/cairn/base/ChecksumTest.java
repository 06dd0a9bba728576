package io.cairn.base;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ChecksumTest {
    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    })
    void digest_ofTheUsualCheckString_isThePublishedValue(ChecksumAlgorithm algorithm, String expected) {
        byte[] digest = Checksum.digest(algorithm, "123456789".getBytes(US_ASCII));
        assertEquals(expected, HexFormat.of().formatHex(digest));
        assertEquals(algorithm.digestLength(), digest.length);
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, 00000000",
        "CRC32C, 00000000",
        "CRC64NVME, 0000000000000000",
        "SHA1, da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "SHA256, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    })
    void digest_ofNothing_isThePublishedValue(ChecksumAlgorithm algorithm, String expected) {
        assertEquals(expected, HexFormat.of().formatHex(Checksum.digest(algorithm, new byte[0])));
    }

    /** The test vectors that the NVM command set specification gives for 4 KiB blocks. */
    @Test
    void crc64Nvme_ofBlocks_isTheSpecificationsValue() {
        byte[] zeroes = new byte[4096];
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 0xff);
        assertEquals("6482d367eb22b64e", crc64(zeroes));
        assertEquals("c0ddba7302eca3ac", crc64(ones));
    }

    private static String crc64(byte[] bytes) {
        return HexFormat.of().formatHex(Checksum.digest(ChecksumAlgorithm.CRC64NVME, bytes));
    }

    @ParameterizedTest
    @EnumSource
    void update_inPiecesOfEveryKind_isTheDigestOfTheWhole(ChecksumAlgorithm algorithm) {
        SplittableRandom random = new SplittableRandom(0xca1);
        Checksum pieces = Checksum.of(algorithm);
        for (int run = 0; run < 200; run++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            for (int at = 0; at < bytes.length; ) {
                int length = 1 + random.nextInt(bytes.length - at);
                update(pieces, random.nextInt(3), bytes, at, length);
                at += length;
            }
            assertArrayEquals(Checksum.digest(algorithm, bytes), pieces.digest(), "seed 0xca1, run " + run);
        }
    }

    private static void update(Checksum checksum, int kind, byte[] bytes, int offset, int length) {
        if (kind == 0) {
            checksum.update(bytes, offset, length);
            return;
        }
        ByteBuffer heap = ByteBuffer.wrap(bytes, offset, length);
        ByteBuffer buffer =
                kind == 1 ? heap : ByteBuffer.allocateDirect(length).put(heap).flip();
        checksum.update(buffer);
        assertEquals(0, buffer.remaining());
    }

    @Test
    void crc64Nvme_byteByByte_equalsSixteenAtATime() {
        byte[] bytes = Entropy.seeded(64).bytes(1000);
        Crc64Nvme single = new Crc64Nvme();
        for (byte b : bytes) {
            single.update(b);
        }
        Crc64Nvme bulk = new Crc64Nvme();
        bulk.update(bytes, 0, bytes.length);
        assertEquals(bulk.getValue(), single.getValue());
    }

    @Test
    void update_outsideTheArray_isRefused() {
        Checksum checksum = Checksum.of(ChecksumAlgorithm.CRC64NVME);
        assertThrows(IndexOutOfBoundsException.class, () -> checksum.update(new byte[32], 17, 16));
    }

    @Test
    void named_knowsS3NamesInAnyCase() {
        assertEquals(Optional.of(ChecksumAlgorithm.CRC64NVME), ChecksumAlgorithm.named("crc64nvme"));
        assertEquals(Optional.of(ChecksumAlgorithm.SHA1), ChecksumAlgorithm.named("SHA1"));
        assertEquals(Optional.empty(), ChecksumAlgorithm.named("MD5"));
        assertEquals("x-amz-checksum-crc32c", ChecksumAlgorithm.CRC32C.header());
    }
}

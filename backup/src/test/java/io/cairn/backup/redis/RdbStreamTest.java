package io.cairn.backup.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.SourceFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks that an RDB passes on its way. */
final class RdbStreamTest {
    /** Gives a few bytes per read. */
    private static InputStream inPieces(byte[] bytes, int piece) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, piece));
            }
        };
    }

    private static byte[] through(RdbStream stream) {
        var out = new ByteArrayOutputStream();
        try {
            stream.transferTo(out);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 10, 100, 1 << 20})
    void stream_inPiecesOfAnySize_isPassedOnCheckedAndCounted(int piece) {
        byte[] rdb = SampleRdb.of(500);
        RdbStream stream = new RdbStream(inPieces(rdb, piece), "it");
        assertArrayEquals(rdb, through(stream));
        assertTrue(stream.checksummed());
        assertTrue(stream.walk().ended(), () -> stream.walk().unknown().toString());
        assertEquals(Map.of(0L, 501L, 3L, 2L), stream.walk().keys());
        assertEquals(1, stream.walk().expiring());
        assertEquals(
                Map.of("redis-ver", "7.0.15", "repl-id", SampleRdb.REPLID, "ctime", "1000000"),
                stream.walk().facts());
    }

    @Test
    void stream_withAnyByteFlipped_isRefused() {
        byte[] rdb = SampleRdb.of(3);
        for (int i = 0; i < rdb.length; i++) {
            byte[] flipped = rdb.clone();
            flipped[i] ^= 0x10;
            assertThrows(
                    SourceFault.Damaged.class,
                    () -> through(new RdbStream(new ByteArrayInputStream(flipped), "it")),
                    "byte " + i);
        }
    }

    @Test
    void stream_cutAnywhere_isRefused() {
        byte[] rdb = SampleRdb.of(3);
        for (int i = 0; i < rdb.length; i++) {
            byte[] cut = Arrays.copyOf(rdb, i);
            assertThrows(
                    SourceFault.Damaged.class,
                    () -> through(new RdbStream(new ByteArrayInputStream(cut), "it")),
                    "at " + i);
        }
    }

    @Test
    void stream_withoutChecksum_isTakenWhenItsStructureIsWhole() {
        byte[] rdb = SampleRdb.of(3);
        Arrays.fill(rdb, rdb.length - 8, rdb.length, (byte) 0);
        RdbStream stream = new RdbStream(new ByteArrayInputStream(rdb), "it");
        assertArrayEquals(rdb, through(stream));
        assertFalse(stream.checksummed());
        byte[] shorter = Arrays.copyOf(rdb, rdb.length + 1);
        shorter[rdb.length - 9] = 0;
        assertThrows(SourceFault.Damaged.class, () -> through(new RdbStream(new ByteArrayInputStream(shorter), "it")));
    }

    @Test
    void checksum_ofTheCheckString_isThatOfRedis() {
        Crc64 crc = new Crc64();
        crc.update("123456789".getBytes(StandardCharsets.US_ASCII), 0, 9);
        assertEquals(0xe9c6d914c4b8d9caL, crc.value());
    }
}

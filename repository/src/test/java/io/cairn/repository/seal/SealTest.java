package io.cairn.repository.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.base.Entropy;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.testkit.Property;
import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The primitives against published vectors and against plain arithmetic. */
final class SealTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void scrypt_vectorsOfRfc7914_areReproduced() {
        assertEquals(
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
                HEX.formatHex(Scrypt.deriveInJava(new byte[0], new byte[0], 16, 1, 1, 64)));
        assertEquals(
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
                HEX.formatHex(Scrypt.deriveInJava(
                        "password".getBytes(US_ASCII), "NaCl".getBytes(US_ASCII), 1024, 8, 16, 64)));
    }

    @Test
    void scrypt_parametersOfAnAttacker_areRefused() {
        assertFalse(Scrypt.accepts(1 << 20, 32, 16));
        assertFalse(Scrypt.accepts(3, 8, 1));
        assertFalse(Scrypt.accepts(1 << 15, 8, 1024));
        assertFalse(Scrypt.accepts(-1, 8, 1));
    }

    /** Vector of RFC 8439, section 2.5.2. */
    @Test
    void poly1305_vectorOfRfc8439_isReproduced() {
        byte[] r = HEX.parseHex("85d6be7857556d337f4452fe42d506a8");
        byte[] s = HEX.parseHex("0103808afb0db2fd4abff6af4149f51b");
        byte[] message = "Cryptographic Forum Research Group".getBytes(US_ASCII);
        byte[] tag = new byte[16];
        Poly1305.tag(r, s, message, 0, message.length, tag, 0);
        assertEquals("a8061dc1305136c6c22b8baf0c0127a9", HEX.formatHex(tag));
    }

    @Test
    void poly1305_anyMessage_equalsArithmetic() {
        Property.holds(300, random -> {
            byte[] r = new byte[16];
            byte[] s = new byte[16];
            byte[] message = new byte[random.nextInt(200)];
            random.nextBytes(r);
            random.nextBytes(s);
            if (random.nextInt(4) == 0) {
                java.util.Arrays.fill(message, (byte) 0xff);
                java.util.Arrays.fill(s, (byte) 0xff);
            } else {
                random.nextBytes(message);
            }
            byte[] tag = new byte[16];
            Poly1305.tag(r, s, message, 0, message.length, tag, 0);
            assertArrayEquals(slowTag(r, s, message), tag);
        });
    }

    private static byte[] slowTag(byte[] r, byte[] s, byte[] message) {
        BigInteger prime = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
        BigInteger factor = number(r, 0, 16, false).and(new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16));
        BigInteger sum = BigInteger.ZERO;
        for (int at = 0; at < message.length; at += 16) {
            BigInteger block = number(message, at, Math.min(16, message.length - at), true);
            sum = sum.add(block).multiply(factor).mod(prime);
        }
        sum = sum.add(number(s, 0, 16, false));
        byte[] tag = new byte[16];
        for (int i = 0; i < 16; i++) {
            tag[i] = sum.shiftRight(8 * i).byteValue();
        }
        return tag;
    }

    private static BigInteger number(byte[] bytes, int at, int length, boolean topBit) {
        BigInteger number = topBit ? BigInteger.ONE.shiftLeft(8 * length) : BigInteger.ZERO;
        for (int i = 0; i < length; i++) {
            number = number.add(BigInteger.valueOf(bytes[at + i] & 0xff).shiftLeft(8 * i));
        }
        return number;
    }

    @Test
    void sealer_anyFlippedBit_isNoticed() {
        MasterKey key = MasterKey.random(Entropy.seeded(7));
        byte[] plain = "the quick brown fox".getBytes(US_ASCII);
        byte[] sealed = key.sealer().seal(plain);
        assertArrayEquals(plain, key.sealer().open(sealed, "it"));
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(RepositoryFault.Damaged.class, () -> key.sealer().open(flipped, "it"));
        }
    }
}

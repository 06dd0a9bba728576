package io.cairn.repository.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.testkit.Property;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenSSL's functions against those of the Java runtime and of this package. */
final class LibcryptoTest {
    private final Sha256 javaSha = Sha256.java();

    @BeforeEach
    void library() {
        assumeTrue(Libcrypto.AVAILABLE, "this machine has no libcrypto.so.3");
    }

    /** Mostly short, sometimes longer than what one call takes. */
    private static byte[] message(SplittableRandom random) {
        int length = random.nextInt(10) == 0 ? random.nextInt(3 * Libcrypto.SLICE) : random.nextInt(300);
        byte[] message = new byte[length];
        random.nextBytes(message);
        return message;
    }

    private static byte[] bytes(SplittableRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void digest_anyPartOfAnArray_equalsJavas() {
        Sha256 native256 = Sha256.libcrypto();
        Property.holds(200, random -> {
            byte[] message = message(random);
            int from = random.nextInt(message.length + 1);
            assertArrayEquals(
                    javaSha.of(message, from, message.length - from),
                    native256.of(message, from, message.length - from));
        });
    }

    @Test
    void strokes_anyMessage_equalThoseOfJava() {
        Property.holds(200, random -> {
            byte[] encryption = bytes(random, 32);
            byte[] authentication = bytes(random, 16);
            byte[] polynomial = bytes(random, 16);
            byte[] iv = bytes(random, 16);
            // A counter that runs over its low half.
            Arrays.fill(iv, 8, 16, random.nextBoolean() ? (byte) 0xff : 0);
            Strokes java = new Strokes.OfJava(encryption, authentication, polynomial);
            Strokes openssl = new Strokes.OfLibcrypto(encryption, authentication, polynomial);
            for (int i = 0; i < 2; i++) {
                byte[] message = message(random);
                byte[] expected = new byte[message.length + 20];
                byte[] found = new byte[message.length + 20];
                java.crypt(iv, message, 0, message.length, expected, 3);
                java.tag(iv, expected, 3, message.length, expected, 3 + message.length);
                openssl.crypt(iv, message, 0, message.length, found, 3);
                openssl.tag(iv, found, 3, message.length, found, 3 + message.length);
                assertArrayEquals(expected, found);
            }
        });
    }

    @Test
    void scrypt_anyPassword_equalsJavas() {
        Property.holds(20, random -> {
            byte[] password = bytes(random, random.nextInt(20));
            byte[] salt = bytes(random, random.nextInt(64));
            int n = 2 << random.nextInt(8);
            int r = 1 + random.nextInt(8);
            int p = 1 + random.nextInt(3);
            assertArrayEquals(
                    Scrypt.deriveInJava(password, salt, n, r, p, 64),
                    Libcrypto.stretch(password, salt, n, r, p, 64).orElseThrow());
        });
    }

    @Test
    void id_ofNothing_isThatOfTheStandard() {
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                Id.of(new byte[0]).toString());
    }
}

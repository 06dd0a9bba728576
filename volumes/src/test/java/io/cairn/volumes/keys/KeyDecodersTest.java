package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.base.Entropy;
import io.cairn.testkit.Property;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Bytes that anybody may have written: each decoder gives a value or a {@link KeyFault}, and nothing else. */
final class KeyDecodersTest {
    private static void decodesOrRefuses(byte[] bytes, Consumer<byte[]> decoder) {
        try {
            decoder.accept(bytes);
        } catch (KeyFault refused) {
            assertEquals(KeyFault.Kind.DAMAGED, refused.kind());
        }
    }

    /** Half of the damage gets a right checksum, so that what is behind the checksum is reached. */
    private static byte[] damage(byte[] file, SplittableRandom random) {
        byte[] body = Arrays.copyOf(file, file.length - "crc32c 00000000\n".length());
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(4)) {
                case 0 -> body[at] = (byte) random.nextInt();
                case 1 -> body[at] = (byte) " \n/9-A".charAt(random.nextInt(6));
                case 2 -> body = Arrays.copyOf(body, at + 1);
                default -> System.arraycopy(body, 0, body, at, Math.min(at, body.length - at));
            }
        }
        return random.nextBoolean() ? KeyLines.withChecksum(body) : body;
    }

    @Test
    void ring_ofDamagedBytes_isDecodedOrRefused() {
        Property.holds(3000, random -> {
            Entropy entropy = Entropy.seeded(random.nextLong());
            KeyRing ring = KeyRing.make(Instant.EPOCH, entropy).withNext(Instant.EPOCH, entropy);
            byte[] file = ring.encode();
            assertArrayEquals(file, KeyRing.decode(file).encode());
            decodesOrRefuses(damage(file, random), KeyRing::decode);
        });
    }

    @Test
    void sealedRing_ofDamagedBytes_isDecodedOrRefused() {
        byte[] body = ("cairn-sealed-master-key 1\nid 4f6f4c0e-2b1a-4f0e-9c39-6a3c7c0a9d11\n"
                        + Stretching.STANDARD.text() + "\nsealed AAAABBBBCCCCDDDDEEEEFFFF\n")
                .getBytes(UTF_8);
        byte[] file = KeyLines.withChecksum(body);
        assertEquals(Stretching.STANDARD, SealedRing.decode(file).stretching());
        Property.holds(3000, random -> decodesOrRefuses(damage(file, random), SealedRing::decode));
    }

    @Test
    void anyBytes_areRefused() {
        Property.holds(1000, random -> {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThrows(KeyFault.class, () -> KeyRing.decode(bytes));
            assertThrows(KeyFault.class, () -> SealedRing.decode(bytes));
        });
    }

    @Test
    void wrappedKey_ofAnyText_isMadeOrRefused() {
        Property.holds(3000, random -> {
            String id = text(random);
            String bytes = text(random);
            try {
                byte[] _ = new WrappedKey(ProviderKind.FILE, id, bytes).decoded();
            } catch (IllegalArgumentException refused) {
                // What volume.json says is then damaged, and its reader says so.
            }
        });
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append("aZ09_-/.:=+ \n\u00e9".charAt(random.nextInt(14)));
        }
        return text.toString();
    }

    /** Expected values are those of libargon2, the reference implementation. */
    @Test
    void stretching_ofAKnownPassphrase_isThatOfTheReference() {
        String salt = Base64.getUrlEncoder().withoutPadding().encodeToString("somesaltsomesalt".getBytes(UTF_8));
        assertEquals(
                "fc33b78139231d34b71626bd6245c1d72efa190ad605c3d8166a72adcedfa2c2",
                stretched(new Stretching(65536, 2, 1, salt)));
        assertEquals(
                "de1e9083981950f8efb06b3c7f771057bdaa29eda0b7a4ca92364dcca6379585",
                stretched(new Stretching(8192, 3, 4, salt)));
    }

    private static String stretched(Stretching stretching) {
        return HexFormat.of()
                .formatHex(stretching.key("password".getBytes(UTF_8)).bytes());
    }
}

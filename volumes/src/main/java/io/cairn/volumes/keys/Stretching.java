package io.cairn.volumes.keys;

import io.cairn.host.KeyMaterial;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * How a key is made of a passphrase so that guessing is dear: Argon2id, with the memory and the passes that each guess
 * costs. {@code memoryKib} is in KiB; {@code salt} is base64url. Source: RFC 9106.
 */
record Stretching(int memoryKib, int passes, int lanes, String salt) {
    static final int SALT_BYTES = 16;

    /** What RFC 9106 recommends where memory is short, but for the lanes, which would need as many threads to help. */
    static final Stretching STANDARD = new Stretching(64 << 10, 3, 1, "AAAAAAAAAAAAAAAAAAAAAA");

    private static final int MEMORY_KIB_MIN = 8 << 10;
    private static final int MEMORY_KIB_MAX = 1 << 20;
    private static final int PASSES_MAX = 64;
    private static final int LANES_MAX = 16;
    private static final Pattern TEXT = Pattern.compile(
            "argon2id memory=([1-9]\\d{0,7}) passes=([1-9]\\d{0,3}) lanes=([1-9]\\d{0,2}) salt=([A-Za-z0-9_-]{22})");

    Stretching {
        between("memory", memoryKib, MEMORY_KIB_MIN, MEMORY_KIB_MAX);
        between("passes", passes, 1, PASSES_MAX);
        between("lanes", lanes, 1, LANES_MAX);
        if (Base64.getUrlDecoder().decode(salt).length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has " + SALT_BYTES + " bytes");
        }
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s=%d, expected %d to %d".formatted(name, value, least, most));
        }
    }

    Stretching withSalt(byte[] bytes) {
        return new Stretching(
                memoryKib,
                passes,
                lanes,
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    String text() {
        return "argon2id memory=%d passes=%d lanes=%d salt=%s".formatted(memoryKib, passes, lanes, salt);
    }

    static Stretching parse(String line) {
        Matcher parts = TEXT.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a line of argon2id parameters");
        }
        return new Stretching(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                parts.group(4));
    }

    /** The key, of 256 bits. Takes {@code memoryKib} of heap meanwhile. */
    KeyMaterial key(byte[] passphrase) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(Base64.getUrlDecoder().decode(salt))
                .build());
        byte[] key = new byte[Seal.KEY_BYTES];
        generator.generateBytes(passphrase, key);
        try {
            return new KeyMaterial(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}

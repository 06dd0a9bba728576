package io.cairn.backup.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every key has a path of usable names, and every path its key. */
final class KeyPathsTest {
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "/",
            "//",
            ".",
            "..",
            "%",
            "%2F",
            "%d",
            "%v",
            "%+",
            "%-",
            "\u0001",
            "\u007f",
            "ü",
            "🪨",
            " ",
            "x".repeat(150),
            "é".repeat(120),
            "\\",
            "\n");

    @Test
    void keys_ofThePage_areWrittenAsItSays() {
        assertEquals(List.of("a", "b.txt"), KeyPaths.names("a/b.txt", _ -> false));
        assertEquals(List.of("a%d", "b"), KeyPaths.names("a/b", "a"::equals));
        assertEquals(List.of("a", "%-"), KeyPaths.names("a/", _ -> false));
        assertEquals(List.of("%-", "%2E%2E", "%2E", "..."), KeyPaths.names("/.././...", _ -> false));
        assertEquals(List.of("100%25%00"), KeyPaths.names("100%\0", _ -> false));
        List<String> cut = KeyPaths.names("x".repeat(450), _ -> false);
        assertEquals(List.of("x".repeat(200) + "%+", "x".repeat(200) + "%+", "x".repeat(50)), cut);
    }

    @Test
    void keys_ofAllKinds_comeBack_andNoTwoShareAPath() {
        long seed = 20261122;
        SplittableRandom random = new SplittableRandom(seed);
        Map<List<String>, String> paths = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            StringBuilder key = new StringBuilder();
            int pieces = 1 + random.nextInt(8);
            for (int j = 0; j < pieces; j++) {
                key.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            boolean taken = random.nextBoolean();
            List<String> names = KeyPaths.names(key.toString(), _ -> taken);
            assertEquals(key.toString(), KeyPaths.key(names), () -> "seed " + seed + ": " + names);
            for (String name : names) {
                int length = name.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(length > 0 && length < 255 && !name.equals(".") && !name.equals(".."), name);
                assertTrue(name.indexOf('/') < 0 && name.indexOf('\0') < 0, name);
            }
            if (!taken) {
                String other = paths.put(names, key.toString());
                assertTrue(other == null || other.equals(key.toString()), () -> other + " and " + key);
            }
        }
    }
}

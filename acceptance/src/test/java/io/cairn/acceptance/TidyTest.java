package io.cairn.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The source tree obeys the rules of the house ({@link TextRules}, {@link JavaRules}), but for its {@link Ratchet}.
 * What the ratchet would have to be is written to {@code acceptance/target/tidy-ratchet.txt}.
 */
final class TidyTest {
    /** How many entries the ratchet has at most. Lower it whenever one goes; never raise it. */
    private static final int RATCHET_ENTRIES_MAX = 1;

    private static List<Violation> violations;

    @BeforeAll
    static void read() throws IOException {
        SourceTree tree = SourceTree.read();
        Map<String, String> java = tree.files().entrySet().stream()
                .filter(file -> file.getKey().endsWith(".java"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        // A wrong root would find nothing wrong.
        assertTrue(java.containsKey("base/src/main/java/io/cairn/base/Checks.java"));
        violations = new ArrayList<>(JavaRules.check(java));
        tree.files().forEach((path, text) -> violations.addAll(TextRules.check(path, text)));
        Files.writeString(
                Files.createDirectories(Path.of("target")).resolve("tidy-ratchet.txt"), Ratchet.of(violations));
    }

    @Test
    void tree_asItIs_obeysTheRules() throws IOException {
        assertEquals("", String.join("\n", ratchet().uncovered(violations)));
    }

    @Test
    void ratchet_asItIs_isTight() throws IOException {
        assertEquals("", String.join("\n", ratchet().loose(violations)));
    }

    @Test
    void ratchet_asItIs_hasNotGrown() throws IOException {
        int entries = ratchet().entries().size();
        assertTrue(entries <= RATCHET_ENTRIES_MAX, entries + " entries");
    }

    private static Ratchet ratchet() throws IOException {
        try (InputStream in = Objects.requireNonNull(TidyTest.class.getResourceAsStream("tidy-ratchet.txt"))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            return new Ratchet(lines);
        }
    }
}

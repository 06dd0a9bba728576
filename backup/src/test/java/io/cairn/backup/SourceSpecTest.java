package io.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceSpecTest {
    private static String refusal(String word) {
        return String.valueOf(assertThrows(SourceFault.Refused.class, () -> SourceSpec.parse(word))
                .getMessage());
    }

    @Test
    void word_ofEachKind_isTakenApart() {
        assertEquals(
                "postgres",
                SourceSpec.parse("postgres://u@h:5432/db?sslmode=require").scheme());
        assertEquals(
                Map.of("sslmode", "require", "a", "b c"),
                SourceSpec.parse("postgres://u@h/db?sslmode=require&a=b%20c").options());
        assertEquals("photos", SourceSpec.parse("volume:photos").rest());
        assertEquals(
                "pg_dump shop?x:y@z",
                SourceSpec.parse("command:pg_dump shop?x:y@z").rest());
        assertEquals("/srv/shop", SourceSpec.parse("/srv/shop/../shop/").rest());
        assertEquals("/srv/shop", SourceSpec.parse("file:///srv/shop").rest());
        assertEquals(SourceSpec.STANDARD_INPUT, SourceSpec.parse("-").scheme());
    }

    @Test
    void address_withASecret_isRefusedWithoutShowingIt() {
        for (String word : List.of(
                "postgres://user:hunter2@host/db",
                "postgres://user:hunter2@host/db with a blank",
                "redis://:hunter2@host",
                "redis://host?password=hunter2",
                "s3://bucket?secret-key=hunter2",
                "s3://bucket?Secret-Key=hunter2&x=%zz")) {
            String said = refusal(word);
            assertFalse(said.contains("hunter2"), said);
            assertTrue(said.contains("?password-file=FILE"), said);
        }
    }

    @Test
    void kind_thatIsNotKnown_isRefusedWithTheNearest() {
        Sources sources = new Sources(Map.of("postgres", (_, _) -> null, "redis", (_, _) -> null), Map.of());
        String said = String.valueOf(assertThrows(SourceFault.Refused.class, () -> sources.open("postgre://host"))
                .getMessage());
        assertTrue(said.contains("did you mean 'postgres'") && said.contains("redis"), said);
    }

    @Test
    void secret_comesFromFileVariableOrCommand(@TempDir Path scratch) throws Exception {
        Path file = Files.writeString(scratch.resolve("p"), "from a file\nnot this\n");
        Map<String, String> environment = Map.of("MINE", "from a variable");
        assertEquals("from a file", password(Map.of("password-file", file.toString()), environment));
        assertEquals("from a variable", password(Map.of("password-env", "MINE"), environment));
        assertEquals("from a command", password(Map.of("password-command", "echo from a command"), environment));
        assertTrue(new Secrets(Map.of(), environment).password().isEmpty());
        for (Map<String, String> wrong : List.of(
                Map.of("password-env", "OTHER"),
                Map.of("password-file", scratch.resolve("none").toString()),
                Map.of("password-command", "echo hunter2; exit 3"),
                Map.of("password-env", "MINE", "password-command", "true"))) {
            String said = String.valueOf(assertThrows(SourceFault.Refused.class, () -> password(wrong, environment))
                    .getMessage());
            assertFalse(said.contains("hunter2"), said);
        }
        assertFalse(new Secret("hunter2".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString()
                .contains("hunter2"));
    }

    private static String password(Map<String, String> options, Map<String, String> environment) {
        return new Secrets(options, environment).password().orElseThrow();
    }
}

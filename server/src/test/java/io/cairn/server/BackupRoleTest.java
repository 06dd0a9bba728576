package io.cairn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupRoleTest {
    private static final String POLICY = """
            repository = '/nowhere'
            password-file = '/nowhere/password'
            schedule = "0 2 1 1 *"
            rpo = "24h"
            [[source]]
            word = '/srv'
            """;

    @TempDir
    private Path scratch;

    private BackupSetup setup() {
        return new BackupSetup(scratch, scratch.resolve("state"), List.of());
    }

    @Test
    void role_withPolicies_waitsForThemAndShowsFigures() throws Exception {
        Files.writeString(scratch.resolve("shop.toml"), POLICY);
        try (BackupRole role = BackupRole.start(setup(), Map.of())) {
            assertTrue(role.metrics().contains("cairn_rpo_target_seconds{policy=\"shop\"} 86400"), role::metrics);
            assertEquals(List.of(), role.problems());
        }
        assertTrue(Files.exists(scratch.resolve("state/shop.json")));
    }

    @Test
    void role_withAPolicyThatMakesNoSense_doesNotStart() throws Exception {
        Files.writeString(scratch.resolve("shop.toml"), POLICY + "colour = 'red'\n");
        String said = String.valueOf(assertThrows(StartFault.class, () -> BackupRole.start(setup(), Map.of()))
                .getMessage());
        assertTrue(said.contains("policy shop") && said.contains("'colour'"), said);
    }
}

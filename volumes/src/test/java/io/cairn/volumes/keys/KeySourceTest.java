package io.cairn.volumes.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeySourceTest {
    private static String refused(Map<String, String> words) {
        return assertThrows(IllegalArgumentException.class, () -> KeySource.of(words))
                .getMessage();
    }

    @Test
    void words_ofEachProvider_areRead() {
        assertEquals(
                new KeySource.KeyFile(Path.of("/etc/cairn/master.key")),
                KeySource.of(Map.of("provider", "file", "file", "/etc/cairn/master.key")));
        assertEquals(
                new KeySource.Passphrase(Path.of("/k"), Path.of("/run/p")),
                KeySource.of(Map.of("provider", "passphrase", "file", "/k", "passphrase-file", "/run/p")));
        assertEquals(
                new KeySource.Vault(
                        URI.create("https://v:8200"),
                        "transit",
                        "cairn",
                        Path.of("/run/token"),
                        Optional.empty(),
                        Optional.empty()),
                KeySource.of(Map.of("provider", "vault", "address", "https://v:8200/", "token-file", "/run/token")));
    }

    @Test
    void words_unknownMissingOrOutOfPlace_areRefusedWithTheNearest() {
        assertTrue(refused(Map.of("provider", "file", "flie", "/k")).contains("'file'"));
        assertTrue(refused(Map.of("provider", "vualt")).contains("'vault'"));
        assertTrue(refused(Map.of("file", "/k")).contains("'provider'"));
        assertTrue(refused(Map.of("provider", "file")).contains("'file'"));
        assertTrue(refused(Map.of("provider", "file", "file", "relative")).contains("absolute"));
        assertTrue(refused(Map.of("provider", "file", "file", "/k", "address", "https://v"))
                .contains("address"));
    }

    @Test
    void address_ofAVault_isSecureOrThisMachine() {
        for (String good : new String[] {"https://vault.example:8200", "http://127.0.0.1:8200", "http://[::1]:8200"}) {
            assertEquals(good, vault(good).address().toString());
        }
        for (String bad : new String[] {
            "http://vault.example:8200",
            "https://",
            "https:///x",
            "ftp://localhost",
            "https://v/path",
            "https://user@v",
            "https://v?x",
            "v:8200",
            "http://127.0.0.1.evil.example"
        }) {
            assertThrows(IllegalArgumentException.class, () -> vault(bad), bad);
        }
        assertFalse(refused(Map.of("provider", "vault", "address", "https://v", "key", "a/../b", "token-file", "/t"))
                .isEmpty());
    }

    private static KeySource.Vault vault(String address) {
        return (KeySource.Vault)
                KeySource.of(Map.of("provider", "vault", "address", address, "token-file", "/run/token"));
    }
}

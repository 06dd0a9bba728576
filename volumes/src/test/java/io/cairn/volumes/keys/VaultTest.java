package io.cairn.volumes.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.host.KeyMaterial;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VaultTest extends KeyProviderContract {
    @TempDir
    Path directory;

    private FakeVault vault;
    private Path tokenFile;

    @BeforeEach
    void start() throws IOException {
        vault = new FakeVault();
        tokenFile = Files.createFile(
                directory.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokenFile, FakeVault.TOKEN + "\n");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    @Override
    KeyProvider provider() {
        return at(vault.address(), "cairn");
    }

    private KeyProvider at(URI address, String key) {
        var source = new KeySource.Vault(address, "transit", key, tokenFile, Optional.empty(), Optional.empty());
        return source.open(Clock.system(), ENTROPY);
    }

    @Test
    void keyId_ofAWrappedKey_namesMountKeyAndVersion() {
        assertEquals("transit/cairn/1", provider().wrap(VOLUME, key(), Set.of()).keyId());
        assertEquals("transit/cairn/2", provider().rotate());
        assertEquals(Optional.of("transit/cairn/2"), provider().currentKeyId());
        assertTrue(provider().export().isEmpty());
        assertTrue(provider().keyFile().isEmpty());
    }

    @Test
    void token_renewedInItsFile_isUsedByTheNextCall() throws IOException {
        KeyProvider provider = provider();
        Files.writeString(tokenFile, "hvs.revoked");
        KeyFault fault = fails(KeyFault.Kind.REFUSED, () -> provider.wrap(VOLUME, key(), Set.of()));
        assertTrue(fault.getMessage().contains("permission denied"), fault.getMessage());
        assertFalse(fault.getMessage().contains("revoked"), fault.getMessage());
        Files.writeString(tokenFile, FakeVault.TOKEN);
        provider.wrap(VOLUME, key(), Set.of());
    }

    @Test
    void token_thatIsAbsentEmptyOrExposed_isRefusedBeforeAnyCall() throws IOException {
        for (String none : List.of("", " \n", "two words", "header\r\nX-Evil: 1")) {
            Files.writeString(tokenFile, none);
            fails(KeyFault.Kind.REFUSED, () -> provider().wrap(VOLUME, key(), Set.of()));
        }
        Files.setPosixFilePermissions(tokenFile, PosixFilePermissions.fromString("rw-r--r--"));
        fails(KeyFault.Kind.EXPOSED, () -> provider().wrap(VOLUME, key(), Set.of()));
        Files.delete(tokenFile);
        fails(KeyFault.Kind.REFUSED, () -> provider().wrap(VOLUME, key(), Set.of()));
        assertEquals(List.of(), vault.calls);
    }

    @Test
    void vault_thatIsSealedOrAway_isUnreachableAndMayBeAskedAgain() {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        vault.sealed = true;
        KeyFault fault = fails(KeyFault.Kind.UNREACHABLE, () -> provider().unwrap(VOLUME, wrapped));
        assertTrue(fault.retrySafe() && fault.getMessage().contains("sealed"), fault.getMessage());
        vault.sealed = false;
        provider().unwrap(VOLUME, wrapped).close();
        vault.close();
        fails(KeyFault.Kind.UNREACHABLE, () -> provider().unwrap(VOLUME, wrapped));
    }

    @Test
    void key_thatIsAnother_isSaid() {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        fails(KeyFault.Kind.LOST, () -> at(vault.address(), "absent").wrap(VOLUME, key(), Set.of()));
        KeyFault fault =
                fails(KeyFault.Kind.LOST, () -> at(vault.address(), "absent").unwrap(VOLUME, wrapped));
        assertTrue(fault.getMessage().contains("transit/cairn/1"), fault.getMessage());
        WrappedKey ofAFile = new WrappedKey(ProviderKind.FILE, "transit/cairn/1", wrapped.bytes());
        fails(KeyFault.Kind.LOST, () -> provider().unwrap(VOLUME, ofAFile));
    }

    @Test
    void status_thatAsksForCredentials_isARefusal() {
        vault.instead = Optional.of(new FakeVault.Answer(401, ""));
        fails(KeyFault.Kind.REFUSED, () -> provider().wrap(VOLUME, key(), Set.of()));
    }

    @Test
    void redirect_toAnotherPlace_isNotFollowed() {
        vault.instead = Optional.of(new FakeVault.Answer(307, ""));
        fails(KeyFault.Kind.UNREACHABLE, () -> provider().wrap(VOLUME, key(), Set.of()));
        assertEquals(1, vault.calls.size());
    }

    /** Another program's plaintext, or another form of ours: never a key. */
    @Test
    void plaintext_thatIsNotOurs_isAMismatch() {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        for (String plaintext : List.of("", "AA==", "AQA=", "ASAAAAAA", "AgBhYWFh", "AP8=")) {
            vault.instead = Optional.of(new FakeVault.Answer(200, "{\"data\":{\"plaintext\":\"" + plaintext + "\"}}"));
            fails(KeyFault.Kind.MISMATCH, () -> provider().unwrap(VOLUME, wrapped));
        }
    }

    @Test
    void anyAnswer_isUnderstoodOrAKeyFault() {
        KeyMaterial key = key();
        WrappedKey wrapped = provider().wrap(VOLUME, key, Set.of());
        String[] samples = {
            "{\"data\":{\"plaintext\":\"ASAAAAAA\",\"latest_version\":3,\"ciphertext\":\"vault:v1:AAAA\"}}",
            "{\"errors\":[\"permission denied\"]}",
            "{\"data\":null}",
            "[[[[",
            "",
        };
        KeyProvider provider = provider();
        Property.holds(200, random -> {
            StringBuilder body = new StringBuilder(samples[random.nextInt(samples.length)]);
            for (int i = body.isEmpty() ? 0 : random.nextInt(4); i > 0; i--) {
                body.setCharAt(random.nextInt(body.length()), "{}[]\":,v19-=\\ \u0001".charAt(random.nextInt(15)));
            }
            int[] statuses = {200, 200, 200, 400, 403, 404, 500};
            vault.instead =
                    Optional.of(new FakeVault.Answer(statuses[random.nextInt(statuses.length)], body.toString()));
            for (Runnable call : List.<Runnable>of(
                    () -> provider.unwrap(VOLUME, wrapped),
                    () -> provider.wrap(VOLUME, key, Set.of()),
                    provider::currentKeyId)) {
                try {
                    call.run();
                } catch (KeyFault fault) {
                    assertTrue(fault.getMessage().length() < 500, fault.getMessage());
                }
            }
        });
    }

    @Test
    void answer_ofManyMegabytes_isRefused() {
        vault.instead = Optional.of(new FakeVault.Answer(200, "{\"data\":\"" + "x".repeat(1 << 20) + "\"}"));
        KeyFault fault = fails(KeyFault.Kind.UNREACHABLE, () -> provider().currentKeyId());
        assertTrue(fault.getMessage().contains("more than"), fault.getMessage());
    }
}

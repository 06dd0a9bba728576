package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.KeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What providers do whose master keys are in a file of this host. */
abstract class RingFileContract extends KeyProviderContract {
    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void place() {
        file = directory.resolve("keys").resolve("master.key");
    }

    private static Set<java.nio.file.attribute.PosixFilePermission> mode(String text) {
        return PosixFilePermissions.fromString(text);
    }

    private List<Path> inDirectory() throws IOException {
        try (var files = Files.list(file.getParent())) {
            return files.toList();
        }
    }

    @Test
    void file_beforeFirstNeed_isNotMade() {
        assertEquals(Optional.empty(), provider().currentKeyId());
        assertTrue(provider().export().isEmpty());
        assertFalse(Files.exists(file));
    }

    @Test
    void file_onFirstNeed_isForItsOwnerAlone() throws IOException {
        provider().wrap(VOLUME, key(), Set.of());
        assertEquals(mode("rw-------"), Files.getPosixFilePermissions(file));
        assertEquals(mode("rwx------"), Files.getPosixFilePermissions(file.getParent()));
        assertEquals(List.of(file), inDirectory());
    }

    @Test
    void wrap_whenTheFileIsGoneAndKeysAreInUse_saysLostAndMakesNone() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        Files.delete(file);
        KeyFault fault = fails(KeyFault.Kind.LOST, () -> provider().wrap(OTHER, key(), Set.of(wrapped.keyId())));
        assertTrue(fault.getMessage().contains(wrapped.keyId()), fault.getMessage());
        assertFalse(Files.exists(file));
        fails(KeyFault.Kind.LOST, () -> provider().unwrap(VOLUME, wrapped));
        fails(KeyFault.Kind.LOST, () -> provider().rotate());
    }

    @Test
    void export_putBackAfterLoss_opensAgain() throws IOException {
        KeyMaterial key = key();
        WrappedKey wrapped = provider().wrap(VOLUME, key, Set.of());
        byte[] escrow = provider().export().orElseThrow().bytes();
        Files.delete(file);
        Files.write(file, escrow);
        Files.setPosixFilePermissions(file, mode("rw-------"));
        assertSame(key, provider().unwrap(VOLUME, wrapped));
    }

    @Test
    void unwrap_withTheKeyFileOfAnotherHost_saysSo() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        Files.delete(file);
        provider().wrap(OTHER, key(), Set.of());
        KeyFault fault = fails(KeyFault.Kind.LOST, () -> provider().unwrap(VOLUME, wrapped));
        assertTrue(fault.getMessage().contains("another host"), fault.getMessage());
    }

    @Test
    void unwrap_withAnOldCopyOfTheKeyFile_saysSo() throws IOException {
        provider().wrap(VOLUME, key(), Set.of());
        byte[] old = Files.readAllBytes(file);
        provider().rotate();
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        Files.write(file, old);
        KeyFault fault = fails(KeyFault.Kind.LOST, () -> provider().unwrap(VOLUME, wrapped));
        assertTrue(fault.getMessage().contains("old copy"), fault.getMessage());
    }

    @Test
    void unwrap_ofAnotherProvidersKey_saysWhich() {
        provider().wrap(VOLUME, key(), Set.of());
        WrappedKey foreign = new WrappedKey(ProviderKind.VAULT, "transit/cairn/1", "AAAA");
        KeyFault fault = fails(KeyFault.Kind.LOST, () -> provider().unwrap(VOLUME, foreign));
        assertTrue(fault.getMessage().contains("vault"), fault.getMessage());
    }

    @Test
    void retire_ofWhatNothingUses_destroysIt() {
        WrappedKey old = provider().wrap(VOLUME, key(), Set.of());
        String second = provider().rotate();
        String third = provider().rotate();
        provider().retire(Set.of(second));
        fails(KeyFault.Kind.LOST, () -> provider().unwrap(VOLUME, old));
        assertEquals(Optional.of(third), provider().currentKeyId());
        assertTrue(provider().rotate().endsWith("/4"));
    }

    @Test
    void read_ofAFileThatOthersCanUse_isRefused() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        for (String exposed : List.of("rw-r-----", "rw----r--", "rw--w----", "rw----rwx")) {
            Files.setPosixFilePermissions(file, mode(exposed));
            fails(KeyFault.Kind.EXPOSED, () -> provider().unwrap(VOLUME, wrapped));
            fails(KeyFault.Kind.EXPOSED, () -> provider().wrap(VOLUME, key(), Set.of()));
        }
        Files.setPosixFilePermissions(file, mode("r--------"));
        provider().unwrap(VOLUME, wrapped).close();
    }

    @Test
    void read_inADirectoryThatOthersCanChange_isRefused() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        Files.setPosixFilePermissions(file.getParent(), mode("rwxrwx---"));
        fails(KeyFault.Kind.EXPOSED, () -> provider().unwrap(VOLUME, wrapped));
    }

    @Test
    void read_ofALinkOrADirectory_isRefused() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        Path elsewhere = file.resolveSibling("elsewhere");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere);
        fails(KeyFault.Kind.EXPOSED, () -> provider().unwrap(VOLUME, wrapped));
        Files.delete(file);
        Files.createDirectory(file);
        fails(KeyFault.Kind.EXPOSED, () -> provider().unwrap(VOLUME, wrapped));
    }

    @Test
    void read_ofADamagedFile_saysSo() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        byte[] content = Files.readAllBytes(file);
        for (int i = 0; i < content.length; i += 5) {
            byte[] damaged = content.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            fails(KeyFault.Kind.DAMAGED, () -> provider().unwrap(VOLUME, wrapped));
        }
        Files.write(file, new byte[0]);
        KeyFault fault = fails(KeyFault.Kind.DAMAGED, () -> provider().wrap(VOLUME, key(), Set.of()));
        assertFalse(fault.getMessage().contains(new String(content, UTF_8)));
    }

    @Test
    void wrap_byManyAtOnceOnFirstNeed_makesOneMasterKey() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = IntStream.range(0, 16)
                    .<Callable<String>>mapToObj(
                            _ -> () -> provider().wrap(VOLUME, key(), Set.of()).keyId())
                    .toList();
            Set<String> ids = new HashSet<>();
            for (var call : threads.invokeAll(calls)) {
                ids.add(call.get());
            }
            assertEquals(1, ids.size());
        }
        assertEquals(List.of(file), inDirectory());
    }

    @Test
    void leftovers_ofACrash_areNotRead() throws IOException {
        Files.createDirectories(file.getParent());
        Files.setPosixFilePermissions(file.getParent(), mode("rwx------"));
        Files.write(file.resolveSibling(".master.key.0011223344556677.new"), new byte[40]);
        KeyMaterial key = key();
        assertSame(key, provider().unwrap(VOLUME, provider().wrap(VOLUME, key, Set.of())));
    }
}

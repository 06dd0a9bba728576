package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.KeyMaterial;
import io.cairn.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PassphraseTest extends RingFileContract {
    private static final ManualClock CLOCK = new ManualClock(Instant.parse("2026-11-22T15:08:00Z"));

    /** The least that is allowed: tests open such files hundreds of times. */
    private static final Stretching CHEAP = new Stretching(8 << 10, 1, 1, Stretching.STANDARD.salt());

    private String words = "correct horse battery staple";

    @Override
    KeyProvider provider() {
        var store = new SealedRing(file, () -> new KeyMaterial(words.getBytes(UTF_8)), CHEAP, ENTROPY);
        return new RingProvider(store, CLOCK, ENTROPY);
    }

    private Path passphraseFile;

    @BeforeEach
    void passphrase() throws IOException {
        passphraseFile = Files.createFile(
                directory.resolve("passphrase"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passphraseFile, "correct horse battery staple\n");
    }

    private KeyProvider configured() {
        return new KeySource.Passphrase(file, passphraseFile).open(CLOCK, ENTROPY);
    }

    @Test
    void passphrase_fromAFile_opensWhatItSealed() {
        KeyMaterial key = key();
        WrappedKey wrapped = configured().wrap(VOLUME, key, Set.of());
        assertSame(key, configured().unwrap(VOLUME, wrapped));
        assertSame(key, provider().unwrap(VOLUME, wrapped));
    }

    @Test
    void passphrase_thatIsAnother_isRefusedWithoutItsWords() {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        words = "correct horse battery stapler";
        KeyFault fault = fails(KeyFault.Kind.REFUSED, () -> provider().unwrap(VOLUME, wrapped));
        assertFalse(fault.getMessage().contains("horse"));
    }

    @Test
    void passphrase_thatIsShortAbsentOrForAll_isRefused() throws IOException {
        Files.writeString(passphraseFile, "short\nand a long second line");
        fails(KeyFault.Kind.REFUSED, () -> configured().wrap(VOLUME, key(), Set.of()));
        Files.setPosixFilePermissions(passphraseFile, PosixFilePermissions.fromString("rw-r--r--"));
        fails(KeyFault.Kind.EXPOSED, () -> configured().wrap(VOLUME, key(), Set.of()));
        Files.delete(passphraseFile);
        fails(KeyFault.Kind.UNREACHABLE, () -> configured().wrap(VOLUME, key(), Set.of()));
        assertFalse(Files.exists(file));
    }

    @Test
    void file_asWritten_holdsNoKeyInTheClear() throws IOException {
        provider().wrap(VOLUME, key(), Set.of());
        String text = Files.readString(file, UTF_8);
        assertTrue(
                text.matches("cairn-sealed-master-key 1\nid [0-9a-f-]{36}\n"
                        + "argon2id memory=8192 passes=1 lanes=1 salt=[\\w-]{22}\n"
                        + "sealed [\\w-]+\ncrc32c [0-9a-f]{8}\n"),
                text);
    }

    @Test
    void file_thatAsksForTooMuchWork_isRefusedAtOnce() throws IOException {
        WrappedKey wrapped = provider().wrap(VOLUME, key(), Set.of());
        for (String much : new String[] {"memory=4194304 passes=1", "memory=8192 passes=5000", "memory=1 passes=1"}) {
            String body =
                    Files.readString(file).replaceFirst("crc32c .*\n$", "").replaceFirst("memory.* l", much + " l");
            Files.write(file, KeyLines.withChecksum(body.getBytes(UTF_8)));
            fails(KeyFault.Kind.DAMAGED, () -> provider().unwrap(VOLUME, wrapped));
        }
    }
}

package io.cairn.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Entropy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root key in the data directories: one sound file of all is enough, and a damaged one is never believed. */
final class RootKeyFileTest {
    private final RootKey key = RootKeyFile.generate(Entropy.seeded(1));

    @TempDir
    Path first;

    @TempDir
    Path second;

    private List<Path> both() {
        return List.of(first, second);
    }

    @BeforeEach
    void write() {
        RootKeyFile.write(key, both());
    }

    private Path file() {
        return first.resolve(RootKeyFile.NAME);
    }

    @Test
    void written_isFoundAndForItsOwnerOnly() throws IOException {
        assertEquals(Optional.of(key), RootKeyFile.find(both()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals(20, key.accessKey().length());
        assertTrue(key.accessKey().startsWith("CAIRN"));
    }

    @Test
    void anyByteDamaged_isNotBelievedAndRestored() throws IOException {
        byte[] sound = Files.readAllBytes(file());
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Files.write(file(), damaged);
            assertEquals(Optional.of(key), RootKeyFile.find(List.of(first)), "damaged at " + at);
            RootKeyFile.write(key, List.of(first));
            assertEquals(Optional.of(key), RootKeyForm.decode(Files.readAllBytes(file())), "damaged at " + at);
        }
    }

    @Test
    void everyFileDamaged_isASentenceThatNamesThemAndTheWayOut() throws IOException {
        byte[] invalid = {(byte) 0xc3, (byte) 0x28, '=', '\\', 'u'};
        for (Path directory : both()) {
            Files.write(directory.resolve(RootKeyFile.NAME), invalid);
            Files.write(directory.resolve(RootKeyFile.NAME + ".copy"), invalid);
        }
        StartFault fault = assertThrows(StartFault.class, () -> RootKeyFile.find(both()));
        assertTrue(fault.getMessage().contains(file().toString()), fault.getMessage());
        assertTrue(fault.getMessage().contains("CAIRN_ROOT_ACCESS_KEY"), fault.getMessage());
        assertArrayEquals(invalid, Files.readAllBytes(file()), "nothing is changed");
    }

    @Test
    void fileOfAnEarlierVersion_isTakenAsItIs() throws IOException {
        String text = "access_key=OPERATOR\nsecret_key=by-hand=and/so:on\n";
        Files.delete(first.resolve(RootKeyFile.NAME + ".copy"));
        Files.writeString(file(), text);
        RootKey known = RootKeyFile.find(List.of(first)).orElseThrow();
        assertEquals(new RootKey("OPERATOR", "by-hand=and/so:on"), known);
        RootKeyFile.write(known, List.of(first));
        assertEquals(text, Files.readString(file()));
        assertEquals(
                Optional.of(known), RootKeyForm.decode(Files.readAllBytes(first.resolve(RootKeyFile.NAME + ".copy"))));
    }

    @Test
    void twoKeys_areRefused() throws IOException {
        Files.writeString(file(), "access_key=OPERATOR\nsecret_key=another-one\n");
        StartFault fault = assertThrows(StartFault.class, () -> RootKeyFile.find(both()));
        assertTrue(fault.getMessage().contains("two root keys"), fault.getMessage());
        assertFalse(fault.getMessage().contains("another-one"), "no secret in a message");
    }

    @Test
    void environment_givesBothHalvesOrNeither() {
        assertEquals(Optional.empty(), RootKey.in(Map.of()));
        assertEquals(
                Optional.of(new RootKey("OPERATOR", "long-enough")),
                RootKey.in(Map.of(RootKey.ACCESS_VARIABLE, "OPERATOR", RootKey.SECRET_VARIABLE, "long-enough")));
        assertThrows(StartFault.class, () -> RootKey.in(Map.of(RootKey.ACCESS_VARIABLE, "OPERATOR")));
        assertThrows(
                StartFault.class,
                () -> RootKey.in(Map.of(RootKey.ACCESS_VARIABLE, "OPERATOR", RootKey.SECRET_VARIABLE, "short")));
    }
}

package io.cairn.host.crypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Entropy;
import io.cairn.host.Encryption;
import io.cairn.host.Encryption.Unlock;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Support;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers in files. Opening one needs a device-mapper: those tests run where the kernel has it. */
final class LuksEncryptionTest {
    private static final ByteCount SIZE = ByteCount.mebibytes(24);

    @TempDir
    Path directory;

    private final LuksEncryption luks = new LuksEncryption();
    private Path image;

    @BeforeEach
    void image() throws IOException {
        assumeTrue(new Cryptsetup().isInstalled(), "needs cryptsetup (Debian: cryptsetup-bin)");
        image = directory.resolve("image");
        resize(image, SIZE);
    }

    private static void resize(Path file, ByteCount size) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(size.bytes());
        }
    }

    private static KeyMaterial key() {
        return new KeyMaterial(Entropy.secure().bytes(32));
    }

    private static void assumeDeviceMapper(LuksEncryption luks) {
        String reason = switch (luks.support()) {
            case Support.Missing missing -> missing.reason();
            case Support.Available _ -> "";
        };
        assumeTrue(reason.isEmpty(), reason);
    }

    @Test
    void container_formatted_takesItsKeyAndNoOther() {
        KeyMaterial key = key();
        luks.format(image, key);
        assertTrue(luks.test(image, key));
        assertFalse(luks.test(image, key()));
    }

    @Test
    void container_formatted_hasTheHeaderAndCostThatWereAskedFor() {
        luks.format(image, key());
        String dump = new Cryptsetup().withoutKey("luksDump", image.toString()).output();
        assertEquals(ByteCount.mebibytes(16), luks.headerSize());
        assertTrue(dump.contains("offset: 16777216 [bytes]"), dump);
        assertTrue(dump.contains("sector: 4096 [bytes]"), dump);
        assertTrue(dump.contains("cipher: aes-xts-plain64"), dump);
        assertTrue(dump.contains("Iterations: 1000"), dump);
        assertEquals(List.of(0), Cryptsetup.slots(dump));
    }

    @Test
    void format_ofAnImageThatIsTooSmallOrUneven_isRefused() throws IOException {
        for (long bytes :
                new long[] {0, SIZE.bytes() + 512, ByteCount.mebibytes(16).bytes()}) {
            resize(image, ByteCount.of(bytes));
            HostFault fault = assertThrows(HostFault.class, () -> luks.format(image, key()));
            assertEquals(Errno.EINVAL, fault.errno());
        }
    }

    @Test
    void key_rotated_leavesTheNewOneAlone() {
        KeyMaterial old = key();
        KeyMaterial fresh = key();
        luks.format(image, old);
        assertTrue(luks.addKey(image, old, fresh));
        assertTrue(luks.test(image, old) && luks.test(image, fresh));
        luks.removeKey(image, old);
        assertFalse(luks.test(image, old));
        assertTrue(luks.test(image, fresh));
    }

    @Test
    void key_addedOrRemovedAgain_changesNothing() {
        KeyMaterial old = key();
        KeyMaterial fresh = key();
        luks.format(image, old);
        assertTrue(luks.addKey(image, old, fresh));
        assertTrue(luks.addKey(image, old, fresh));
        assertEquals(2, new Cryptsetup().slots(image).size());
        luks.removeKey(image, old);
        luks.removeKey(image, old);
        assertEquals(1, new Cryptsetup().slots(image).size());
    }

    @Test
    void key_addedByWhoHasNone_isRefused() {
        luks.format(image, key());
        KeyMaterial added = key();
        assertFalse(luks.addKey(image, key(), added));
        assertFalse(luks.test(image, added));
    }

    @Test
    void key_thatIsTheOnlyOne_isNeverRemoved() {
        KeyMaterial key = key();
        luks.format(image, key);
        HostFault fault = assertThrows(HostFault.class, () -> luks.removeKey(image, key));
        assertEquals(Errno.EPERM, fault.errno());
        assertTrue(luks.test(image, key));
    }

    @Test
    void keys_ofOtherLengths_areToldApart() {
        KeyMaterial first = new KeyMaterial(Entropy.secure().bytes(64));
        KeyMaterial second = new KeyMaterial(Entropy.secure().bytes(16));
        luks.format(image, first);
        assertTrue(luks.addKey(image, first, second));
        luks.removeKey(image, first);
        assertTrue(luks.test(image, second));
    }

    @Test
    void keys_withNewlinesAndZeros_areTakenAsTheyAre() {
        KeyMaterial key = new KeyMaterial(new byte[] {10, 0, 10, 13, 0, 0, 1, 10});
        luks.format(image, key);
        assertTrue(luks.test(image, key));
        assertFalse(luks.test(image, new KeyMaterial(new byte[] {10, 0, 10, 13, 0, 0, 1, 11})));
    }

    @Test
    void reencryption_ofAClosedContainer_changesTheDataAndKeepsTheKey() throws IOException {
        KeyMaterial key = key();
        luks.format(image, key);
        byte[] before = data();
        luks.reencrypt(image, Optional.empty(), key);
        assertTrue(luks.test(image, key));
        assertEquals(1, new Cryptsetup().slots(image).size());
        assertFalse(Arrays.equals(before, data()));
    }

    /** Several times: a kill also meets the moment in which cryptsetup wants a repair before it goes on. */
    @RepeatedTest(5)
    void reencryption_killedHalfWay_goesOnAndEnds() throws IOException, InterruptedException {
        resize(image, ByteCount.mebibytes(144));
        KeyMaterial key = key();
        luks.format(image, key);
        Process program = new ProcessBuilder(
                        "cryptsetup",
                        "reencrypt",
                        "--batch-mode",
                        "--key-file=-",
                        "--keyfile-size=32",
                        "--force-offline-reencrypt",
                        "--hotzone-size=1M",
                        Cryptsetup.PBKDF,
                        Cryptsetup.ITERATIONS,
                        image.toString())
                .redirectErrorStream(true)
                .start();
        try (var stdin = program.getOutputStream()) {
            stdin.write(key.bytes());
        }
        while (program.isAlive() && !isHalfWay()) {
            Thread.onSpinWait();
        }
        program.destroyForcibly().waitFor();
        assertTrue(isHalfWay(), "cryptsetup was faster than its end: a larger image is needed");
        luks.reencrypt(image, Optional.empty(), key);
        assertFalse(isHalfWay());
        assertTrue(luks.test(image, key));
        assertEquals(1, new Cryptsetup().slots(image).size());
    }

    private boolean isHalfWay() {
        var dump = new Cryptsetup().withoutKey("luksDump", image.toString());
        return dump.status() == 0 && Cryptsetup.isBeingReencrypted(dump.output());
    }

    private byte[] data() throws IOException {
        try (var access = new RandomAccessFile(image.toFile(), "r")) {
            access.seek(luks.headerSize().bytes());
            byte[] data = new byte[1 << 20];
            access.readFully(data);
            return data;
        }
    }

    @Test
    void anythingOnAFileThatIsNone_isAFaultThatNamesIt() {
        HostFault fault = assertThrows(HostFault.class, () -> luks.test(image, key()));
        assertTrue(fault.getMessage().contains(image.toString()), fault.getMessage());
        Path absent = directory.resolve("absent");
        assertEquals(
                Errno.ENODEV,
                assertThrows(HostFault.class, () -> luks.test(absent, key())).errno());
    }

    @Test
    void path_thatLooksLikeAnOption_isAPath() throws IOException {
        Path odd = directory.resolve("--help; $(touch x) '\"");
        Files.move(image, odd);
        KeyMaterial key = key();
        luks.format(odd, key);
        assertTrue(luks.test(odd, key));
    }

    @Test
    void name_thatIsNoName_isAProgrammersError() {
        for (String name : List.of("", "-x", "a/b", "a b", "x".repeat(128))) {
            assertThrows(IllegalStateException.class, () -> luks.close(name));
        }
    }

    @Test
    void support_withoutADeviceMapper_saysWhatIsMissing() throws IOException {
        boolean present = Files.readString(Path.of("/proc/misc")).contains("device-mapper");
        assumeTrue(!present, "this kernel has a device-mapper");
        Support.Missing missing = assertInstanceOf(Support.Missing.class, luks.support());
        assertTrue(missing.reason().contains("no device-mapper"), missing.reason());
        assertEquals(List.of(), luks.opened());
        luks.close("cairn-not-open");
        luks.format(image, key());
        assertThrows(HostFault.class, () -> luks.open(image, "cairn-test", key()));
    }

    @Test
    void container_opened_holdsWhatIsWrittenAndHidesIt() throws IOException {
        assumeDeviceMapper(luks);
        KeyMaterial key = key();
        luks.format(image, key);
        String name = "cairn-test-" + Long.toHexString(Entropy.secure().nextLong());
        assertInstanceOf(Unlock.WrongKey.class, luks.open(image, name, key()));
        Unlock.Unlocked opened = assertInstanceOf(Unlock.Unlocked.class, luks.open(image, name, key));
        try {
            assertEquals(opened, luks.open(image, name, key));
            Encryption.Mapping mapping = luks.opened().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertEquals(opened.device(), mapping.device());
            byte[] words = "the quick brown fox".repeat(300).getBytes(StandardCharsets.US_ASCII);
            Path node = opened.device().node();
            Files.write(node, words, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            try (var in = Files.newInputStream(node)) {
                assertArrayEquals(words, in.readNBytes(words.length));
            }
            assertFalse(new String(Files.readAllBytes(image), StandardCharsets.ISO_8859_1).contains("quick brown"));
            luks.resize(name, key);
            luks.reencrypt(image, Optional.of(name), key);
            try (var in = Files.newInputStream(node)) {
                assertArrayEquals(words, in.readNBytes(words.length));
            }
        } finally {
            luks.close(name);
        }
        assertTrue(luks.opened().stream().noneMatch(each -> each.name().equals(name)));
        luks.close(name);
    }
}

package io.cairn.shards;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two copies of a drive's identity: one is always enough, and no crash while it is put back costs the other. */
final class IdentityFilesTest {
    private static final DriveIdentity IDENTITY = new DriveIdentity(new DriveId(new UUID(1, 2)), "c", Instant.EPOCH);
    private static final DriveIdentity OTHER = new DriveIdentity(new DriveId(new UUID(1, 3)), "c", Instant.EPOCH);
    private static final List<String> BOTH = List.of(DriveLayout.IDENTITY, DriveLayout.IDENTITY_COPY);

    @TempDir
    Path temporary;

    private static SimulatedDisk formatted() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        DriveFormat.write(disk, IDENTITY);
        return disk;
    }

    private static void put(Disk disk, String name, byte[] content) throws IOException {
        SmallFile.replace(disk, name, content);
    }

    private static Drive open(Disk disk) {
        return Drive.manual(disk, CrashHarness.OPTIONS, Entropy.seeded(1), Clock.system());
    }

    private static void assertWhole(Disk disk) throws IOException {
        for (String name : BOTH) {
            assertArrayEquals(IDENTITY.encode(), SmallFile.read(disk, name).orElseThrow(), name);
        }
    }

    @Test
    void anyByteOfEitherFileDamaged_isRestoredFromTheOther() throws IOException {
        byte[] sound = IDENTITY.encode();
        for (String name : BOTH) {
            for (int at = 0; at < sound.length; at++) {
                SimulatedDisk disk = formatted();
                byte[] damaged = sound.clone();
                damaged[at] ^= (byte) (1 << at % 8);
                put(disk, name, damaged);
                var known = assertInstanceOf(
                        IdentityFiles.Found.Known.class, IdentityFiles.read(disk), name + " damaged at " + at);
                assertEquals(IDENTITY, known.identity());
                assertTrue(IdentityFiles.mend(disk, known).orElseThrow().contains(name + " was damaged"));
                assertWhole(disk);
                assertArrayEquals(
                        damaged, SmallFile.read(disk, name + ".damaged").orElseThrow(), "kept as evidence");
            }
        }
    }

    @Test
    void openedDrive_tellsWhatWasMended_andStaysWhatItIs() throws IOException {
        Path directory = temporary.resolve("drive");
        DriveIdentity identity = Drive.format(directory, new DriveId(UUID.randomUUID()), "c1");
        Files.writeString(directory.resolve("cairn-drive"), "nonsense");
        assertInstanceOf(DriveInspection.Formatted.class, Drive.inspect(directory));
        try (Drive drive = Drive.open(directory, DriveOptions.standard())) {
            assertEquals(identity, drive.identity());
            assertTrue(drive.mended().orElseThrow().contains("cairn-drive was damaged"));
            drive.append(DriveTest.write(1, 100)).join();
        }
        Files.delete(directory.resolve("cairn-drive"));
        try (Drive drive = Drive.open(directory, DriveOptions.standard())) {
            assertTrue(drive.mended().orElseThrow().contains("was missing"));
            assertTrue(drive.read(DriveTest.key(1), 0, ByteBuffer.allocate(100)));
        }
        try (Drive drive = Drive.open(directory, DriveOptions.standard())) {
            assertEquals(Optional.empty(), drive.mended());
        }
    }

    @Test
    void driveOfAnEarlierVersion_getsItsCopyWithoutAWord() throws IOException {
        SimulatedDisk disk = formatted();
        disk.delete(DriveLayout.IDENTITY_COPY);
        try (Drive drive = open(disk)) {
            assertEquals(Optional.empty(), drive.mended());
        }
        assertWhole(disk);
    }

    @Test
    void bothDamaged_isRefusedAndLeftAlone() throws IOException {
        SimulatedDisk disk = formatted();
        for (String name : BOTH) {
            put(disk, name, new byte[] {1, 2, 3});
        }
        DriveFault refused = assertThrows(DriveFault.class, () -> open(disk));
        assertTrue(refused.getMessage().contains("cairn-drive and in cairn-drive.copy"), refused.getMessage());
        assertArrayEquals(
                new byte[] {1, 2, 3}, SmallFile.read(disk, DriveLayout.IDENTITY).orElseThrow());
    }

    @Test
    void copiesOfTwoDrives_areRefused() throws IOException {
        SimulatedDisk disk = formatted();
        put(disk, DriveLayout.IDENTITY_COPY, OTHER.encode());
        DriveFault refused = assertThrows(DriveFault.class, () -> open(disk));
        assertTrue(refused.getMessage().contains(OTHER.id().toString()), refused.getMessage());
    }

    @Test
    void newerFormatInEitherFile_isRefusedAndLeftAlone() throws IOException {
        for (String name : BOTH) {
            SimulatedDisk disk = formatted();
            byte[] newer = sealed("cairn-drive 2\nid x\n");
            put(disk, name, newer);
            assertThrows(UnknownFormatException.class, () -> IdentityFiles.read(disk));
            assertArrayEquals(newer, SmallFile.read(disk, name).orElseThrow());
        }
    }

    private static byte[] sealed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String crc = java.util.HexFormat.of().toHexDigits(RecordHead.crc(bytes, 0, bytes.length));
        return (text + "crc32c " + crc + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void powerCutAnywhereWhileMending_neverCostsTheDrive() throws IOException {
        Property.holds(100, IdentityFilesTest::mendUnderPowerCuts);
    }

    private static void mendUnderPowerCuts(SplittableRandom random) throws IOException {
        SimulatedDisk disk = formatted();
        String name = BOTH.get(random.nextInt(2));
        if (random.nextBoolean()) {
            disk.delete(name);
            disk.syncDirectory("");
        } else {
            put(disk, name, new byte[] {9});
        }
        for (int cut = 1; cut < 12; cut++) {
            disk.cutAfter(cut);
            try (Drive drive = open(disk)) {
                assertEquals(IDENTITY, drive.identity());
            } catch (PowerCut _) {
                // The next opening must find the drive again.
            }
            disk.crash(SimulatedDisk.Crash.TEAR, random.split());
        }
        disk.cutAfter(Long.MAX_VALUE);
        try (Drive drive = open(disk)) {
            assertEquals(IDENTITY, drive.identity());
        }
        assertWhole(disk);
    }
}

package io.cairn.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A drive on a disk that fails, fills up and decays. */
final class FaultTest {
    private final SimulatedDisk disk = new SimulatedDisk();

    private Drive open(DriveOptions options) throws IOException {
        if (!disk.exists(DriveLayout.IDENTITY)) {
            DriveFormat.write(disk, new DriveIdentity(new DriveId(new UUID(1, 2)), "c", Instant.EPOCH));
        }
        return Drive.manual(disk, options, Entropy.seeded(1), Clock.system());
    }

    private static DriveOptions reserving(long reserve, int emergency) {
        return new DriveOptions(
                64 << 10,
                64 << 10,
                2048,
                1 << 20,
                16,
                1 << 22,
                1000,
                reserve,
                emergency,
                64,
                64 << 10,
                64 << 10,
                30,
                Duration.ofSeconds(10),
                Duration.ofMillis(500));
    }

    private static CompletableFuture<Void> append(Drive drive, int number) {
        CompletableFuture<Void> done = drive.append(CrashHarness.write(number));
        drain(drive);
        return done;
    }

    private static void drain(Drive drive) {
        boolean more = true;
        while (more) {
            more = drive.step();
        }
    }

    private static boolean right(Drive drive, int number) {
        byte[] wanted = CrashHarness.content(number);
        ByteBuffer found = ByteBuffer.allocate(wanted.length);
        boolean there = drive.read(CrashHarness.key(number), 0, found);
        assertTrue(!there || Arrays.equals(wanted, found.array()), "right bytes of " + number);
        return there;
    }

    @Test
    void failedSync_endsTheServiceOfTheDriveForGood() throws IOException {
        Drive drive = open(CrashHarness.OPTIONS);
        append(drive, 1).join();
        disk.failNextForce();
        assertEquals(DriveFault.Kind.BROKEN, CrashHarness.faultOf(append(drive, 2)));
        assertEquals(DriveFault.Kind.BROKEN, CrashHarness.faultOf(append(drive, 3)));
        assertTrue(drive.releaseLater(List.of(CrashHarness.key(1))).isCompletedExceptionally());
        assertTrue(right(drive, 1), "reads go on");
        disk.crash(SimulatedDisk.Crash.DROP, new SplittableRandom(1));
        Drive again = open(CrashHarness.OPTIONS);
        assertTrue(right(again, 1));
        append(again, 3).join();
        assertTrue(right(again, 3));
    }

    @Test
    void fullDrive_refusesAppendsButReleasesAndComesBack() throws IOException {
        disk.limitCapacity(1 << 20);
        Drive drive = open(reserving(200_000, 32_768));
        List<Integer> kept = new ArrayList<>();
        int number = 1;
        CompletableFuture<Void> last = append(drive, number);
        while (!last.isCompletedExceptionally()) {
            kept.add(number);
            last = append(drive, ++number);
        }
        assertEquals(DriveFault.Kind.FULL, CrashHarness.faultOf(last));
        assertEquals(DriveFault.Kind.FULL, drive.trouble().orElseThrow().kind());
        assertFalse(right(drive, number), "nothing of the refused shard");
        disk.limitCapacity((1 << 20) - disk.usable());
        for (int victim : kept.subList(0, kept.size() / 2)) {
            CompletableFuture<Void> released = drive.releaseLater(List.of(CrashHarness.key(victim)));
            assertTrue(drive.step());
            released.join();
        }
        disk.limitCapacity(2 << 20);
        drive.compact();
        drive.look();
        assertTrue(drive.trouble().isEmpty(), "back in service");
        append(drive, number).join();
        for (int survivor : kept.subList(kept.size() / 2, kept.size())) {
            assertTrue(right(drive, survivor));
        }
    }

    @Test
    void noSpaceInTheMiddleOfABatch_leavesNothingOfIt() {
        Property.holds(60, random -> {
            FaultTest test = new FaultTest();
            test.disk.limitCapacity(60_000 + random.nextInt(200_000));
            Drive drive = test.open(reserving(0, 0));
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            for (int number = 0; number < 100; number++) {
                answers.add(drive.append(CrashHarness.write(number)));
                if (random.nextInt(6) == 0) {
                    drive.step();
                }
            }
            drain(drive);
            test.disk.limitCapacity(Long.MAX_VALUE);
            SimulatedDisk.Crash[] modes = SimulatedDisk.Crash.values();
            test.disk.crash(modes[random.nextInt(modes.length)], random.split());
            Drive again = test.open(reserving(0, 0));
            for (int number = 0; number < 100; number++) {
                boolean acknowledged = !answers.get(number).isCompletedExceptionally();
                assertEquals(acknowledged, right(again, number), "shard " + number);
            }
            assertEquals(List.of(), again.damagedRanges());
        });
    }

    @Test
    void anyFlippedByte_isNeverServedAndLeavesTheRestReadable() {
        Property.holds(120, random -> {
            FaultTest test = new FaultTest();
            Drive drive = test.open(CrashHarness.OPTIONS);
            for (int number = 0; number < 40; number++) {
                append(drive, number).join();
            }
            drive.close();
            List<String> files = test.disk.list(DriveLayout.SEGMENTS);
            String file = DriveLayout.SEGMENTS + "/" + files.get(random.nextInt(files.size()));
            int at = random.nextInt(test.disk.bytes(file).length);
            test.disk.flip(file, at);
            Drive again = test.open(CrashHarness.OPTIONS);
            int lost = 0;
            for (int number = 0; number < 40; number++) {
                try {
                    lost += right(again, number) ? 0 : 1;
                } catch (CorruptFault expected) {
                    lost++;
                }
            }
            assertTrue(lost <= 1, lost + " shards lost by one byte of " + file + " at " + at);
            assertTrue(lost == 0 || again.stats().damagedRanges() > 0, "the loss is reported: " + file + " at " + at);
        });
    }

    @Test
    void segmentsOfNoise_areReadWithoutWrongAnswers() {
        Property.holds(150, random -> {
            FaultTest test = new FaultTest();
            Drive drive = test.open(CrashHarness.OPTIONS);
            for (int number = 0; number < 30; number++) {
                append(drive, number).join();
            }
            drive.close();
            for (String name : test.disk.list(DriveLayout.SEGMENTS)) {
                String file = DriveLayout.SEGMENTS + "/" + name;
                int size = test.disk.bytes(file).length;
                for (int run = random.nextInt(20); run > 0; run--) {
                    byte[] noise = new byte[1 + random.nextInt(600)];
                    random.nextBytes(noise);
                    try (DiskFile open = test.disk.open(file, true)) {
                        open.write(ByteBuffer.wrap(noise), random.nextInt(size));
                        if (random.nextInt(8) == 0) {
                            open.truncate(random.nextInt(size));
                        }
                        open.force();
                    }
                }
            }
            Drive again = test.open(CrashHarness.OPTIONS);
            for (int number = 0; number < 30; number++) {
                try {
                    boolean _ = right(again, number);
                } catch (CorruptFault expected) {
                    assertTrue(again.stats().damagedRanges() > 0);
                }
            }
            again.compact();
            append(again, 50).join();
            assertTrue(right(again, 50));
        });
    }

    @Test
    void decoder_takesAnyBytes() {
        Property.holds(5_000, random -> {
            byte[] bytes = new byte[SegmentHeader.BYTES];
            random.nextBytes(bytes);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (random.nextBoolean()) {
                RecordHead head = RecordHead.trailer(0, 1, 1, 1);
                head.encode(buffer.position(0), 7, new int[] {0});
                buffer.put(8 + random.nextInt(56), (byte) random.nextInt());
            }
            RecordHead decoded = RecordHead.decode(buffer, 0, 7, 0);
            assertTrue(decoded == null || decoded.headBytes() > 0);
            assertTrue(SegmentHeader.decode(buffer.position(0)).isEmpty());
            assertTrue(DriveIdentity.decode(bytes).isEmpty());
        });
    }
}

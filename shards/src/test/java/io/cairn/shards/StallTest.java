package io.cairn.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drive whose system calls do not come back: nobody waits for it for longer than the limit, and it recovers. */
@Timeout(60)
final class StallTest {
    private static final Duration LIMIT = Duration.ofMillis(400);
    private static final DriveOptions OPTIONS = DriveOptions.standard()
            .withSegments(1 << 20, 8 << 20)
            .withReserve(1 << 20, 1 << 20)
            .withQueue(100_000, 16)
            .withStallLimit(LIMIT);

    @TempDir
    Path temporary;

    private HangingDisk disk;
    private Drive drive;

    @BeforeEach
    void open() {
        Path directory = temporary.resolve("drive");
        DriveIdentity _ = Drive.format(directory, new DriveId(UUID.randomUUID()), "c1");
        disk = new HangingDisk(new FileDisk(directory));
        drive = Drive.open(disk, directory, OPTIONS);
    }

    @AfterEach
    void close() {
        disk.release();
        drive.close();
    }

    private void append(long blob) throws Exception {
        drive.append(DriveTest.write(blob, 10_000)).get(10, TimeUnit.SECONDS);
    }

    private static DriveFault.Kind kindOf(CompletableFuture<Void> failed) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> failed.get(20, TimeUnit.SECONDS));
        return ((DriveFault) failure.getCause()).kind();
    }

    @Test
    void writersOfADriveThatHangs_areAllToldSoInTime_alsoWhenTheQueueIsFull() throws Exception {
        append(1);
        disk.hang();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        List<Thread> writers = new ArrayList<>();
        for (int i = 2; i < 60; i++) {
            int blob = i;
            CompletableFuture<Void> answer = new CompletableFuture<>();
            sent.add(answer);
            writers.add(Thread.ofVirtual()
                    .start(() -> drive.append(DriveTest.write(blob, 10_000)).whenComplete((_, fault) -> {
                        if (fault == null) {
                            answer.complete(null);
                        } else {
                            answer.completeExceptionally(fault);
                        }
                    })));
        }
        for (CompletableFuture<Void> answer : sent) {
            assertEquals(DriveFault.Kind.HUNG, kindOf(answer));
        }
        for (Thread writer : writers) {
            assertTrue(writer.join(Duration.ofSeconds(10)));
        }
        assertEquals(DriveFault.Kind.HUNG, drive.trouble().orElseThrow().kind());
        assertEquals(DriveFault.Kind.HUNG, kindOf(drive.append(DriveTest.write(99, 10))), "at once from now on");
        assertThrows(DriveFault.class, () -> drive.release(List.of(DriveTest.key(1))));
    }

    @Test
    void driveThatAnswersAgain_isInServiceAgain_andHasNothingHalf() throws Exception {
        append(1);
        disk.hang();
        assertEquals(DriveFault.Kind.HUNG, kindOf(drive.append(DriveTest.write(2, 10_000))));
        disk.release();
        awaitHealth();
        append(3);
        DriveTest.read(drive, 1, 10_000);
        DriveTest.read(drive, 3, 10_000);
        if (drive.find(DriveTest.key(2)).isPresent()) {
            DriveTest.read(drive, 2, 10_000);
        }
        drive.release(List.of(DriveTest.key(2)));
        assertFalse(drive.read(DriveTest.key(2), 0, ByteBuffer.allocate(10_000)));
    }

    @Test
    void idleDriveThatHangs_isNoticedByTheLookAtItsDirectory() throws Exception {
        append(1);
        disk.hang();
        awaitTrouble();
        disk.release();
        awaitHealth();
        append(2);
    }

    private void awaitTrouble() {
        for (int i = 0; i < 1000 && drive.trouble().isEmpty(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertEquals(DriveFault.Kind.HUNG, drive.trouble().orElseThrow().kind());
    }

    private void awaitHealth() {
        for (int i = 0; i < 1000 && drive.trouble().isPresent(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(drive.trouble().isEmpty(), () -> drive.trouble().toString());
    }

    @Test
    void slowDriveWithinTheLimit_isNotTakenForHung() throws Exception {
        for (int i = 0; i < 3; i++) {
            disk.hang();
            CompletableFuture<Void> done = drive.append(DriveTest.write(i, 10_000));
            LockSupport.parkNanos(LIMIT.toNanos() / 4);
            disk.release();
            done.get(10, TimeUnit.SECONDS);
        }
        assertTrue(drive.trouble().isEmpty());
    }

    /** A disk whose operations wait while it hangs. */
    private static final class HangingDisk extends ForwardingDisk {
        private final Object gate = new Object();
        private boolean hanging;

        HangingDisk(Disk disk) {
            super(disk);
        }

        void hang() {
            synchronized (gate) {
                hanging = true;
            }
        }

        void release() {
            synchronized (gate) {
                hanging = false;
                gate.notifyAll();
            }
        }

        @Override
        void before() throws IOException {
            synchronized (gate) {
                while (hanging) {
                    try {
                        gate.wait();
                    } catch (InterruptedException interrupted) {
                        throw new IOException(interrupted);
                    }
                }
            }
        }
    }
}

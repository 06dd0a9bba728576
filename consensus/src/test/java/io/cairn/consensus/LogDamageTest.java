package io.cairn.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.CorruptFault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs whose bytes were torn or changed while nobody looked. */
@Timeout(60)
final class LogDamageTest {
    private static final int COMMANDS = 30;

    @TempDir
    Path directory;

    private void fill(RatisLogOptions options) {
        try (RatisLog log = Logs.open(options, directory, 1)) {
            for (int i = 0; i < COMMANDS; i++) {
                CommandLogContract.submit(log, "c" + i + "x".repeat(3000));
            }
            // Neither the state's file nor the mark is to help: the log alone must tell.
            log.member("d1").fail(new IOException("killed by the test"));
            assertTrue(log.member("d1").awaitClosed());
        }
    }

    private List<Path> segments(String prefix) throws IOException {
        try (Stream<Path> found = Files.walk(directory.resolve("d1"))) {
            return found.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private static RatisLogOptions quiet() {
        return Logs.options().withSnapshots(1_000_000, 1L << 40, 16 << 20);
    }

    @Test
    void tornEnd_ofTheOpenSegment_isCutAndTheRestKept() throws Exception {
        fill(quiet());
        Path open = segments("log_inprogress").getFirst();
        int end = new SegmentFile(open).read().end();
        try (RandomAccessFile file = new RandomAccessFile(open.toFile(), "rw")) {
            file.seek(end + 40L);
            file.write(new byte[] {9, 8, 7, 6, 5});
            file.setLength(end + 5000L);
        }
        try (RatisLog log = Logs.open(quiet(), directory, 1)) {
            assertEquals(Integer.toString(COMMANDS), CommandLogContract.submit(log, "next"));
        }
    }

    @Test
    void missingLastEntry_thatWasNeverProvenCommitted_isCut() throws Exception {
        fill(quiet());
        Path open = segments("log_inprogress").getFirst();
        int end = new SegmentFile(open).read().end();
        flip(open, end - 100L);
        try (RatisLog log = Logs.open(quiet(), directory, 1)) {
            assertEquals(Integer.toString(COMMANDS - 1), CommandLogContract.submit(log, "next"));
        }
    }

    @Test
    void flippedByte_inTheMiddleOfTheOpenSegment_isRefusedNamingTheFile() throws Exception {
        fill(quiet());
        Path open = segments("log_inprogress").getFirst();
        flip(open, new SegmentFile(open).read().end() / 2);
        CorruptFault fault = assertThrows(
                CorruptFault.class, () -> Logs.open(quiet(), directory, 1).close());
        assertTrue(fault.getMessage().contains(open.toString()), fault.getMessage());
    }

    @Test
    void flippedByte_inAClosedSegment_isRefusedNamingTheFile() throws Exception {
        RatisLogOptions small = Logs.options().withSnapshots(1_000_000, 1L << 40, 64 * 1024);
        fill(small);
        Path closed = segments("log_0-").getFirst();
        flip(closed, Files.size(closed) - 200);
        CorruptFault fault = assertThrows(
                CorruptFault.class, () -> Logs.open(small, directory, 1).close());
        assertTrue(fault.getMessage().contains(closed.toString()), fault.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"member", "member.copy", "snapshot", "snapshot.copy"})
    void oneDamagedOrMissingSmallFile_isRestoredFromItsTwin(String name) throws Exception {
        RatisLogOptions snapshots = Logs.options().withSnapshots(10, 1L << 40, 64 * 1024);
        try (RatisLog log = Logs.open(snapshots, directory, 1)) {
            for (int i = 0; i < COMMANDS; i++) {
                CommandLogContract.submit(log, "c" + i);
            }
        }
        Path file = directory.resolve("d1").resolve(name);
        byte[] sound = Files.readAllBytes(file);
        for (int at : new int[] {0, 20, sound.length - 3}) {
            flip(file, at);
            try (RatisLog log = Logs.open(snapshots, directory, 1)) {
                assertEquals(1, CommandLogContract.count(log, "c1"), name + " damaged at " + at);
            }
            assertTrue(Files.exists(file.resolveSibling(name + ".damaged")));
        }
        Files.delete(file);
        try (RatisLog log = Logs.open(snapshots, directory, 1)) {
            assertEquals(1, CommandLogContract.count(log, "c1"));
        }
        assertTrue(Files.exists(file));
    }

    @Test
    void bothMemberFilesDamaged_areRefused() throws Exception {
        fill(quiet());
        flip(directory.resolve("d1").resolve(Identity.FILE), 30);
        flip(directory.resolve("d1").resolve(Identity.FILE + ".copy"), 31);
        Exception fault = assertThrows(
                io.cairn.model.StorageFault.class,
                () -> Logs.open(quiet(), directory, 1).close());
        assertTrue(fault.getMessage().contains("CRC32C"), fault.getMessage());
    }

    @Test
    void lostLog_underAnActiveIdentity_isNotMadeAnew() throws Exception {
        fill(quiet());
        DurableFiles.deleteTree(directory.resolve("d1").resolve("raft"));
        Exception fault = assertThrows(
                io.cairn.model.StorageFault.class,
                () -> Logs.open(quiet(), directory, 1).close());
        assertTrue(fault.getMessage().contains("is gone"), fault.getMessage());
    }

    @Test
    void lostState_belowThePurgedLog_isRefused() throws Exception {
        RatisLogOptions snapshots = Logs.options().withSnapshots(10, 1L << 40, 64 * 1024);
        try (RatisLog log = Logs.open(snapshots, directory, 1)) {
            for (int i = 0; i < COMMANDS; i++) {
                CommandLogContract.submit(log, "c" + i);
            }
        }
        DurableFiles.deleteTree(directory.resolve("d1").resolve("state"));
        CorruptFault fault = assertThrows(
                CorruptFault.class, () -> Logs.open(snapshots, directory, 1).close());
        assertTrue(fault.getMessage().contains("must be replaced"), fault.getMessage());
    }

    @Test
    void formingGroup_cutShort_isMadeAnew() throws Exception {
        RatisMember member = Logs.members(directory, 1).getFirst();
        Identity forming = new Identity(
                java.util.UUID.randomUUID(), "d1", java.util.UUID.randomUUID(), Identity.Phase.FORMING, List.of());
        MemberDirectory.store(member, forming);
        TallyState seen = TallyState.open(member);
        seen.skip(7);
        seen.flush();
        try (RatisLog log = Logs.open(quiet(), directory, 1)) {
            assertEquals("0", CommandLogContract.submit(log, "first"));
            assertEquals(1, CommandLogContract.count(log, "first"));
        }
    }

    @Test
    void snapshotAndPurge_thenRestart_keepsEveryCommand() {
        RatisLogOptions snapshots = Logs.options().withSnapshots(10, 1L << 40, 64 * 1024);
        try (RatisLog log = Logs.open(snapshots, directory, 1)) {
            for (int i = 0; i < 100; i++) {
                CommandLogContract.submit(log, "c" + i + "x".repeat(3000));
            }
            Waiting.until(() -> log.member("d1").division().getRaftLog().getStartIndex() > 0);
        }
        try (RatisLog log = Logs.open(snapshots, directory, 1)) {
            assertEquals("100", CommandLogContract.submit(log, "next"));
            assertEquals(101, ((TallyState) log.leaderState()).counts.size());
        }
    }

    private static void flip(Path path, long position) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ 0x40);
        }
    }
}

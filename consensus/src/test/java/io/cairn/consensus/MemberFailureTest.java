package io.cairn.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.DriveFault;
import io.cairn.model.LogStatus;
import io.cairn.model.UnavailableFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that fail while the log is at work. */
@Timeout(90)
final class MemberFailureTest {
    @TempDir
    Path directory;

    private static String leader(RatisLog log) {
        Waiting.until(() -> log.status().available());
        LogStatus status = log.status();
        return status.members().get(status.leader()).name();
    }

    @Test
    void leaderFailure_underLoad_losesNoAnsweredCommand() {
        try (RatisLog log = Logs.open(directory, 3)) {
            LoadedLog load = new LoadedLog(log, 8, "a");
            load.awaitMore(100);
            String first = leader(log);
            log.member(first).fail(new IOException("failed by the test"));
            load.awaitMore(100);
            load.close();
            String second = leader(log);
            assertFalse(first.equals(second), "another member leads");
            LogStatus.Member failed = log.status().members().stream()
                    .filter(member -> member.name().equals(first))
                    .findFirst()
                    .orElseThrow();
            assertFalse(failed.alive());
            assertEquals("failed by the test", failed.failure());
            load.verify((TallyState) log.leaderState());
        }
    }

    @Test
    void leaderWhoseDriveHangs_underLoad_isTakenOutAndTheOthersGoOn() {
        RatisLogOptions impatient = Logs.options().withStallLimit(Duration.ofMillis(700));
        try (RatisLog log = Logs.open(impatient, directory, 3)) {
            LoadedLog load = new LoadedLog(log, 8, "a");
            load.awaitMore(100);
            Member first = log.member(leader(log));
            TallyState hanging = (TallyState) first.state();
            hanging.hang();
            Waiting.until(() -> !first.alive());
            assertTrue(first.failure().contains("hangs"), first.failure());
            load.awaitMore(100);
            load.close();
            assertFalse(leader(log).equals(first.name()), "another member leads");
            load.verify((TallyState) log.leaderState());
            hanging.answer();
            assertTrue(first.awaitClosed());
            log.restartMember(first.name());
            Waiting.until(() -> log.member(first.name()).alive());
        }
    }

    @Test
    void onlyMemberWhoseDriveHangs_isWaitedFor() {
        RatisLogOptions impatient = Logs.options().withStallLimit(Duration.ofMillis(200));
        try (RatisLog log = Logs.open(impatient, directory, 1)) {
            CommandLogContract.submit(log, "a");
            TallyState state = (TallyState) log.leaderState();
            state.hang();
            Thread submitter = Thread.ofVirtual().start(() -> CommandLogContract.submit(log, "b"));
            Waiting.until(() -> log.member("d1").stalled().isPresent());
            assertTrue(log.member("d1").alive());
            state.answer();
            Waiting.until(() -> !submitter.isAlive());
            assertEquals("2", CommandLogContract.submit(log, "c"));
        }
    }

    @Test
    void directoryRemoval_underLoad_takesOnlyThatMemberOut() throws Exception {
        try (RatisLog log = Logs.open(directory, 3)) {
            LoadedLog load = new LoadedLog(log, 8, "a");
            load.awaitMore(100);
            String victim = leader(log);
            DurableFiles.deleteTree(directory.resolve(victim));
            Waiting.until(() -> !log.member(victim).alive());
            load.awaitMore(100);
            load.close();
            assertTrue(
                    log.member(victim).failure().contains("gone"),
                    log.member(victim).failure());
            load.verify((TallyState) log.leaderState());
            assertThrows(DriveFault.class, () -> log.restartMember(victim));
        }
    }

    @Test
    void directoryRemoval_ofTheOnlyMember_isUnavailableAtOnce() throws Exception {
        try (RatisLog log = Logs.open(directory, 1)) {
            CommandLogContract.submit(log, "a");
            DurableFiles.deleteTree(directory.resolve("d1"));
            assertThrows(io.cairn.model.StorageFault.class, () -> CommandLogContract.submit(log, "b"));
            Waiting.until(() -> !log.status().available());
            assertThrows(UnavailableFault.class, () -> CommandLogContract.submit(log, "c"));
        }
    }

    @Test
    void failedMember_restarted_catchesUpFromTheLog() {
        try (RatisLog log = Logs.open(directory, 3)) {
            CommandLogContract.submit(log, "a");
            log.member("d3").fail(new IOException("failed by the test"));
            for (int i = 0; i < 20; i++) {
                CommandLogContract.submit(log, "b" + i);
            }
            log.restartMember("d3");
            Waiting.until(() -> ((TallyState) log.member("d3").state()).count("b19") == 1);
            assertTrue(log.status().members().get(2).alive());
            assertEquals(1, ((TallyState) log.member("d3").state()).count("a"));
        }
    }

    @Test
    void laggingMember_behindThePurgedLog_isCaughtUpByACheckpoint() {
        RatisLogOptions options = Logs.options().withSnapshots(20, 1 << 20, 64 * 1024);
        try (RatisLog log = Logs.open(options, directory, 3)) {
            CommandLogContract.submit(log, "first");
            log.member("d3").fail(new IOException("failed by the test"));
            for (int i = 0; i < 120; i++) {
                CommandLogContract.submit(log, "c" + i + "x".repeat(2000));
            }
            String leader = leader(log);
            Waiting.until(() -> log.member(leader).division().getRaftLog().getStartIndex() > 10);
            log.restartMember("d3");
            CommandLogContract.submit(log, "last");
            TallyState behind = (TallyState) log.member("d3").state();
            Waiting.until(() -> behind.counts.equals(((TallyState) log.leaderState()).counts));
            assertEquals(122, behind.counts.size());
            assertEquals(1, behind.restores.get(), "one checkpoint was enough");
        }
        try (RatisLog log = Logs.open(options, directory, 3)) {
            assertEquals("122", CommandLogContract.submit(log, "again"));
            assertEquals(1, CommandLogContract.count(log, "first"));
        }
    }

    @Test
    void emptyDirectory_ofAKnownMember_staysOutUntilReplaced() throws Exception {
        try (RatisLog log = Logs.open(directory, 3)) {
            CommandLogContract.submit(log, "a");
        }
        DurableFiles.deleteTree(directory.resolve("d2"));
        try (RatisLog log = Logs.open(directory, 3)) {
            CommandLogContract.submit(log, "b");
            LogStatus.Member lost = log.status().members().get(1);
            assertFalse(lost.alive());
            assertTrue(lost.failure().contains("was a member"), lost.failure());
            assertThrows(DriveFault.class, () -> log.restartMember("d2"));

            log.replaceMember("d2", Logs.members(directory, 3).get(1));
            CommandLogContract.submit(log, "c");
            Waiting.until(() -> ((TallyState) log.member("d2").state()).count("c") == 1);
            assertEquals(1, ((TallyState) log.member("d2").state()).count("a"));
        }
        try (RatisLog log = Logs.open(directory, 3)) {
            assertEquals(
                    List.of(),
                    log.status().members().stream().filter(m -> !m.alive()).toList());
            log.member("d1").fail(new IOException("failed by the test"));
            assertEquals("3", CommandLogContract.submit(log, "d"), "the replacement counts");
        }
    }

    @Test
    void addMember_toOne_growsTheLogToThree() {
        List<RatisMember> three = Logs.members(directory, 3);
        try (RatisLog log = Logs.open(directory, 1)) {
            CommandLogContract.submit(log, "a");
            log.addMember(three.get(1));
            log.addMember(three.get(2));
            CommandLogContract.submit(log, "b");
            log.member("d1").fail(new IOException("failed by the test"));
            assertEquals("2", CommandLogContract.submit(log, "c"));
        }
        try (RatisLog log = Logs.open(directory, 3)) {
            assertEquals("3", CommandLogContract.submit(log, "d"));
            assertEquals(1, CommandLogContract.count(log, "a"));
        }
    }

    @Test
    void majorityLost_isRefusedWithTheReasons() throws Exception {
        try (RatisLog log = Logs.open(directory, 3)) {
            CommandLogContract.submit(log, "a");
        }
        DurableFiles.deleteTree(directory.resolve("d2"));
        DurableFiles.deleteTree(directory.resolve("d3"));
        UnavailableFault fault = assertThrows(
                UnavailableFault.class, () -> Logs.open(directory, 3).close());
        assertTrue(fault.getMessage().contains("d2") && fault.getMessage().contains("d3"), fault.getMessage());
    }
}

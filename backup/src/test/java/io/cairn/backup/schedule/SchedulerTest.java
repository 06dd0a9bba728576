package io.cairn.backup.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.MemoryBackend;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunListener;
import io.cairn.backup.point.SmallPart;
import io.cairn.backup.policy.Policy;
import io.cairn.backup.policy.PolicyFile;
import io.cairn.backup.policy.PolicyRun;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchedulerTest {
    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T12:00:00Z"));
    private final Repository repository = Repository.create(
            new MemoryBackend(), new byte[] {1}, new Actor(clock, Entropy.seeded(3), "db1", "u", 1, 0, 0, "b:n", 1));
    private final Policy policy = PolicyFile.parse(
            "shop",
            "repository = '/b'\npassword-file = '/p'\nschedule = '0 2 * * *'\n"
                    + "rpo = '24h'\n[[source]]\nword = '/srv'\n");
    private final List<Instant> runs = new ArrayList<>();
    private boolean fails;

    @TempDir
    private Path directory;

    private Scheduler scheduler() {
        return new Scheduler(directory, List.of(policy), clock, this::run);
    }

    private RecoveryRun.Outcome run(Policy asked) {
        runs.add(clock.now());
        return new PolicyRun(asked, repository, _ -> new SmallPart(fails), List::of, RunListener.NONE).run();
    }

    @Test
    void policy_whenItIsDue_runsOnce() throws Exception {
        Scheduler scheduler = scheduler();
        assertEquals(Duration.ofHours(14), scheduler.look(policy).orElseThrow());
        clock.advance(Duration.ofHours(14));
        scheduler.look(policy);
        scheduler.look(policy);
        assertEquals(List.of(Instant.parse("2026-11-23T02:00:00Z")), runs);
        assertEquals(Duration.ofHours(24), scheduler.look(policy).orElseThrow());
    }

    @Test
    void runs_missedWhileTheDaemonWasDown_areCaughtUpOnce() throws Exception {
        scheduler().look(policy);
        clock.advance(Duration.ofDays(5));
        Scheduler again = scheduler();
        again.look(policy);
        again.look(policy);
        assertEquals(1, runs.size());
        assertEquals(Duration.ofHours(14), again.look(policy).orElseThrow());
        scheduler().look(policy);
        assertEquals(1, runs.size(), "another restart owes nothing");
    }

    @Test
    void clock_jumpingBackwards_doesNotStopThePolicy() throws Exception {
        Scheduler scheduler = scheduler();
        clock.advance(Duration.ofDays(400));
        scheduler.look(policy);
        clock.advance(Duration.ofDays(-399));
        assertTrue(scheduler.look(policy).orElseThrow().compareTo(Duration.ofDays(1)) < 0);
        clock.advance(Duration.ofDays(1));
        scheduler.look(policy);
        assertEquals(2, runs.size());
    }

    @Test
    void failure_isRememberedAndShown() throws Exception {
        Scheduler scheduler = scheduler();
        fails = true;
        clock.advance(Duration.ofDays(1));
        scheduler.look(policy);
        PolicyState state = scheduler().states().get(policy);
        assertEquals(1, state.failed());
        assertTrue(state.lastSentence().contains("nobody answers"), state.lastSentence());
        fails = false;
        clock.advance(Duration.ofDays(1));
        scheduler.look(policy);
        String page = BackupMetrics.render(scheduler.states(), clock.now());
        assertTrue(page.contains("cairn_backup_runs_total{policy=\"shop\",result=\"failure\"} 1"), page);
        assertTrue(page.contains("cairn_backup_runs_total{policy=\"shop\",result=\"success\"} 1"), page);
        assertTrue(page.contains("cairn_backup_interval_seconds{policy=\"shop\"} 86400"), page);
        assertTrue(page.contains("cairn_rpo_target_seconds{policy=\"shop\"} 86400"), page);
        assertTrue(page.contains("cairn_backup_last_success_timestamp_seconds"), page);
    }
}

package io.cairn.backup.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.MemoryBackend;
import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.Partials;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunListener;
import io.cairn.backup.point.SmallPart;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.store.Area;
import io.cairn.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A year of runs with failures, on a clock that a test moves. */
final class SimulatedYearTest {
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryBackend backend = new MemoryBackend();
    private final Repository repository = Repository.create(
            backend, new byte[] {1}, new Actor(clock, Entropy.seeded(3), "db1", "u", 4711, 0, 0, "boot:ns", 1));

    private static Policy policy(String keep) {
        return PolicyFile.parse(
                "shop",
                "repository = '/b'\npassword-file = '/p'\nschedule = '0 2 * * *'\nrecheck = '0d'\n"
                        + "[[source]]\nword = '/srv'\n" + keep);
    }

    private RecoveryRun.Outcome run(Policy policy, boolean fails) {
        return new PolicyRun(policy, repository, _ -> new SmallPart(fails), List::of, RunListener.NONE).run();
    }

    private List<Catalogue.Entry> good() {
        return new Catalogue(repository).list().good();
    }

    /** Every run or a third of them fails, for days or for weeks; then there are always points, and never too many. */
    private void year(int days, int step) {
        SplittableRandom random = new SplittableRandom(20260101);
        Policy policy = policy("[keep]\nlast = 2\ndaily = 7\nmonthly = 3\n");
        boolean outage = false;
        int successes = 0;
        Instant newest = Instant.EPOCH;
        for (int day = 0; day < days; day += step) {
            if (random.nextInt(outage ? 4 : 15) == 0) {
                outage = !outage;
            }
            boolean fails = outage || random.nextInt(3) == 0;
            if (!(run(policy, fails) instanceof RecoveryRun.Outcome.Failed)) {
                newest = clock.now();
                successes++;
            }
            List<Catalogue.Entry> points = good();
            if (!newest.equals(Instant.EPOCH)) {
                assertFalse(points.isEmpty(), "day " + day);
                assertEquals(newest, points.getLast().point().begun(), "the newest verified one stays, day " + day);
            }
            assertTrue(points.size() <= 12, "day " + day + " has " + points.size());
            clock.advance(Duration.ofDays(step));
        }
        assertTrue(good().size() >= Math.min(successes, 7), good().size() + " of " + successes);
        assertTrue(successes > 5);
        long partials = new Partials(repository).list().size();
        assertTrue(partials <= 9, partials + " partial runs were never collected");
    }

    @Test
    void year_ofRunsEveryNineDays_keepsWhatTheRulesSay() {
        year(365, 9);
    }

    @Test
    @Tag("slow")
    void year_ofDailyRuns_keepsWhatTheRulesSay() {
        year(365, 1);
    }

    @Test
    void damage_thatWasFound_freezesExpiry() {
        Policy policy = policy("[keep]\nlast = 1\n");
        run(policy, false);
        new io.cairn.repository.Retention(repository).hold(good().getFirst().snapshot(), "audit", Instant.EPOCH);
        clock.advance(Duration.ofDays(1));
        run(policy, false);
        clock.advance(Duration.ofDays(1));
        assertEquals(2, good().size(), "one is held");
        String damagedPart =
                good().getFirst().parts().values().iterator().next().id().toString();
        new io.cairn.repository.Notes(repository)
                .save(
                        new io.cairn.repository.store.FileName(Area.DAMAGED, damagedPart),
                        java.util.Map.of("errors", List.of("x")));
        run(policy, false);
        clock.advance(Duration.ofDays(1));
        run(policy, false);
        assertEquals(3, good().size(), "nothing goes while one is damaged");
        repository.backend().delete(new io.cairn.repository.store.FileName(Area.DAMAGED, damagedPart));
        clock.advance(Duration.ofDays(1));
        run(policy, false);
        assertEquals(2, good().size());
    }

    @Test
    void clock_jumpingForward_leavesTheLastOnes() {
        Policy policy = policy("");
        for (int day = 0; day < 5; day++) {
            run(policy, false);
            clock.advance(Duration.ofDays(1));
        }
        clock.advance(Duration.ofDays(4000));
        run(policy, false);
        assertEquals(6, good().size(), "thirty days are over, and the last seven stay");
        clock.advance(Duration.ofDays(-4000));
        run(policy, false);
        assertEquals(7, good().size());
    }
}

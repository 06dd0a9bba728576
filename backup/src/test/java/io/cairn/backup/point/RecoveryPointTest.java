package io.cairn.backup.point;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.MemoryBackend;
import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Progress;
import io.cairn.repository.Prune;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recovery points: made, found, copied, damaged, collected; and killed at every call of the place that keeps them. */
final class RecoveryPointTest {
    private static final byte[] PASSWORD = "password".getBytes(StandardCharsets.UTF_8);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T22:00:00Z"));
    private final MemoryBackend backend = new MemoryBackend();
    private final Repository repository = Repository.create(backend, PASSWORD, actor());

    private Actor actor() {
        return new Actor(clock, Entropy.seeded(7), "db1", "u", 4711, 0, 0, "boot:ns", 1);
    }

    private static RunRequest request(boolean verify, Part... parts) {
        EscrowedKey key = new EscrowedKey("volumes-master", "opens volumes", new byte[] {1, 2, 3});
        return new RunRequest("shop", List.of(parts), List.of(), verify, () -> List.of(key), Optional.empty());
    }

    private RecoveryRun.Outcome run(Repository by, boolean verify, Part... parts) {
        return new RecoveryRun(by, request(verify, parts), RunListener.NONE).run();
    }

    private Catalogue.Entry only(Repository by) {
        List<Catalogue.Entry> entries = new Catalogue(by).list().entries();
        assertEquals(1, entries.size());
        return entries.getFirst();
    }

    /** The content of every good point is what was stored; what a person who trusts the catalogue relies on. */
    private static boolean sound(Repository by) {
        for (Catalogue.Entry entry : new Catalogue(by).list().good()) {
            try (SnapshotReader reader = SnapshotReader.open(by)) {
                for (Map.Entry<String, Snapshot> part : entry.parts().entrySet()) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    String path = "/" + part.getKey() + "/file";
                    reader.restore(Progress.NONE).stream(part.getValue(), path, out);
                    if (!out.toString(StandardCharsets.UTF_8).equals(TestPart.content(part.getKey()))) {
                        return false;
                    }
                }
                if (entry.parts().size() != 2) {
                    return false;
                }
            } catch (RepositoryFault lost) {
                return false;
            }
        }
        return true;
    }

    @Test
    void run_ofTwoParts_makesAPointThatShowsThem() {
        RecoveryRun.Outcome outcome =
                run(repository, true, new TestPart("bucket", "photos"), new TestPart("postgres", "db1"));
        assertInstanceOf(RecoveryRun.Outcome.Complete.class, outcome);
        Catalogue.Entry entry = only(repository);
        assertTrue(entry.isGood());
        assertEquals("20261122_220000", entry.point().id().text());
        assertEquals(
                List.of("postgres/db1", "bucket/photos"),
                entry.point().parts().stream().map(PointPart::name).toList(),
                "referrers come before what they refer to");
        assertTrue(
                entry.point().parts().stream().allMatch(part -> part.verified().isPresent()));
        assertEquals("db1", entry.point().parts().getFirst().cut().get("place"));
        assertEquals(3, new Catalogue(repository).content(entry, "keys/volumes-master").length);
        assertTrue(new Partials(repository).list().isEmpty());
        assertNotEquals(entry.snapshot(), repository.snapshot("latest"), "the latest is one of content");
        assertTrue(sound(repository));
    }

    @Test
    void ids_inOneSecondOrAfterAJumpBackwards_areDifferent() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(run(repository, true, new TestPart("postgres", "db1"))
                    .record()
                    .id()
                    .text());
        }
        clock.advance(Duration.ofSeconds(-1));
        ids.add(run(repository, true, new TestPart("postgres", "db1"))
                .record()
                .id()
                .text());
        backend.forgetAside();
        ids.add(run(repository, true, new TestPart("postgres", "db1"))
                .record()
                .id()
                .text());
        assertEquals(
                List.of("20261122_220000", "20261122_220001", "20261122_220002", "20261122_215959", "20261122_220003"),
                ids);
    }

    @Test
    void part_thatFails_leavesAPartialRunAndTheOthersInIt() {
        Part failing = new TestPart("postgres", "db1") {
            @Override
            public io.cairn.backup.Taken take(io.cairn.repository.Backup backup) {
                throw new SourceFault.Unreachable("nobody answers");
            }
        };
        RecoveryRun.Outcome outcome = run(repository, true, failing, new TestPart("bucket", "photos"));
        assertInstanceOf(RecoveryRun.Outcome.Failed.class, outcome);
        assertTrue(new Catalogue(repository).list().entries().isEmpty());
        Partials.Partial partial = new Partials(repository).list().getFirst();
        assertEquals(1, partial.snapshots().size());
        assertTrue(partial.label().contains("failed"), partial.label());
        RunRecord record = partial.record().orElseThrow();
        assertTrue(record.problems().get("postgres/db1").contains("nobody answers"));
        assertTrue(record.log().stream().anyMatch(line -> line.contains("nobody answers")));
        assertEquals(List.of(), new Partials(repository).collect(Duration.ofDays(7)));
        clock.advance(Duration.ofDays(8));
        assertEquals(List.of(partial.id()), new Partials(repository).collect(Duration.ofDays(7)));
        assertTrue(repository.snapshots().isEmpty());
        assertTrue(new Runs(repository).all().isEmpty());
    }

    @Test
    void run_withoutVerification_becomesAPointByOne() {
        RunRecord record = run(repository, false, new TestPart("postgres", "db1"), new TestPart("bucket", "photos"))
                .record();
        assertEquals(RunRecord.State.UNVERIFIED, record.state());
        assertTrue(new Catalogue(repository).list().entries().isEmpty());
        PointVerification verification = new PointVerification(repository, RunListener.NONE);
        assertTrue(verification.finish(record.id(), List::of).errors().isEmpty());
        assertTrue(only(repository).isGood());
        assertTrue(sound(repository));
        assertThrows(RepositoryFault.Refused.class, () -> verification.finish(record.id(), List::of));
    }

    @Test
    void catalogue_afterACopyWithOtherSnapshotIds_isRebuilt() {
        run(repository, true, new TestPart("postgres", "db1"), new TestPart("bucket", "photos"));
        Catalogue.Entry before = only(repository);
        ResticCopy.rewriteSnapshots(backend, repository);
        backend.forgetAside();
        Catalogue.Entry after = only(repository);
        assertNotEquals(before.snapshot().id(), after.snapshot().id());
        assertTrue(after.isGood());
        assertEquals(before.point(), after.point());
        assertTrue(sound(repository));
        assertEquals(1, backend.list(Area.POINTS).size(), "the copy of its document is there again");
        assertEquals(before.point(), only(repository).point());
    }

    @Test
    void point_whosePartIsGone_isNotGood() {
        run(repository, true, new TestPart("postgres", "db1"), new TestPart("bucket", "photos"));
        Snapshot part = only(repository).parts().get("bucket/photos");
        backend.delete(new FileName(Area.SNAPSHOTS, part.id().toString()));
        assertFalse(only(repository).isGood());
        assertTrue(only(repository).problems().getFirst().contains("bucket/photos"));
        assertTrue(new Catalogue(repository).list().good().isEmpty());
    }

    @Test
    void damage_foundByAVerification_isNamedAndShown() {
        run(repository, true, new TestPart("postgres", "db1"), new TestPart("bucket", "photos"));
        backend.damage(Area.PACKS);
        PointVerification.Result result = new PointVerification(repository, RunListener.NONE).verify(only(repository));
        assertTrue(result.errors().containsKey("postgres/db1"), result.errors()::toString);
        assertFalse(only(repository).isGood());
        backend.damage(Area.PACKS);
        assertTrue(new PointVerification(repository, RunListener.NONE)
                .verify(only(repository))
                .errors()
                .isEmpty());
        assertTrue(only(repository).isGood());
    }

    /** The maker is paused between its parts and its point, for so long that somebody collects it. */
    @Test
    void run_thatWasCollectedMeanwhile_takesItsPointBack() {
        RunRecord record =
                run(repository, false, new TestPart("postgres", "db1")).record();
        clock.advance(Duration.ofDays(30));
        List<PointId> removed = new ArrayList<>();
        PointVerification slow = new PointVerification(repository, new RunListener() {
            @Override
            public void step(Step step, String part, String sentence) {
                removed.addAll(new Partials(repository).collect(Duration.ofDays(7)));
            }
        });
        assertThrows(RepositoryFault.class, () -> slow.finish(record.id(), List::of));
        assertEquals(List.of(record.id()), removed);
        assertTrue(repository.snapshots().isEmpty());
    }

    @Test
    void run_killedAtSomeCalls_leavesNoPointThatOnlyLooksGood() {
        killed(11);
    }

    @Test
    @Tag("slow")
    void run_killedAtAnyCall_leavesNoPointThatOnlyLooksGood() {
        killed(1);
    }

    private void killed(int stride) {
        MemoryBackend empty = backend.copy();
        boolean survived = false;
        int points = 0;
        for (int call = 1; !survived; call += stride) {
            MemoryBackend place = empty.copy();
            MemoryBackend victim = place.killedAt(call);
            try {
                Repository dying = Repository.open(victim, PASSWORD, actor());
                run(dying, true, new TestPart("postgres", "db1"), new TestPart("bucket", "photos"));
                survived = true;
            } catch (RepositoryFault killed) {
                assertTrue(String.valueOf(killed.getMessage()).contains("killed"), killed::toString);
            }
            Repository later = Repository.open(place, PASSWORD, actor());
            assertTrue(sound(later), "killed at call " + call);
            Catalogue.Listing listing = new Catalogue(later).list();
            assertTrue(listing.entries().size() == listing.good().size(), "killed at call " + call);
            points += listing.good().size();
            assertInstanceOf(
                    RecoveryRun.Outcome.Complete.class,
                    run(later, true, new TestPart("postgres", "db1"), new TestPart("bucket", "photos")));
            assertTrue(sound(later), "a run after one that was killed at call " + call);
        }
        assertTrue(points > 0, "some were killed after the point was there, some before");
    }

    /** What the test above relies on: it sees a point that lies. */
    @Test
    void control_aPointWrittenBeforeItsPartsWereRead_isFoundOut() {
        RunRecord record = run(repository, false, new TestPart("postgres", "db1"), new TestPart("bucket", "photos"))
                .record();
        backend.damage(Area.PACKS);
        Freeze hasty = new Freeze(repository, Progress.NONE, (_, _, _) -> {});
        RepositoryFault withdrawn = null;
        try {
            hasty.write(record, record.parts(), List.of(), List.of());
        } catch (RepositoryFault fault) {
            withdrawn = fault;
        }
        assertTrue(withdrawn != null || !sound(repository));
    }

    @Test
    void removal_ofPartials_leavesARepositoryThatPrunesToNothing() {
        run(repository, false, new TestPart("postgres", "db1"));
        clock.advance(Duration.ofDays(8));
        new Partials(repository).collect(Duration.ofDays(7));
        new Prune(repository, Progress.NONE).run();
        assertTrue(backend.list(Area.PACKS).isEmpty());
    }
}

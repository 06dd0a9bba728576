package io.cairn.repository;

import static io.cairn.repository.TestRepository.backUp;
import static io.cairn.repository.TestRepository.check;
import static io.cairn.repository.TestRepository.noise;
import static io.cairn.repository.TestRepository.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FaultyMemory;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.testkit.ManualClock;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deletion beside running backups: what the model says, done by the code. */
final class PruneTest {
    private static final byte[] SHARED = noise(1, 2_000_000);

    private final FaultyMemory backend = new FaultyMemory();
    private final Repository repository = TestRepository.create(backend);

    private void forget(String snapshot) {
        backend.delete(new FileName(Area.SNAPSHOTS, snapshot));
    }

    private static Prune.Result prune(Repository by) {
        return new Prune(by, Progress.NONE).run();
    }

    @Test
    void packs_nobodyNeeds_goAtOnceWhenNobodyIsThere() {
        String gone = backUp(repository, "gone", noise(2, 1_000_000)).snapshot().toString();
        backUp(repository, "kept", SHARED);
        forget(gone);
        Prune.Result result = prune(repository);
        assertEquals(result.markedPacks(), result.deletedPacks());
        assertTrue(result.deletedPacks() > 0);
        assertTrue(check(repository).clean());
        assertTrue(check(repository).hints().isEmpty());
        assertArrayEquals(SHARED, read(repository, "latest", "/kept"));
        assertEquals(0, prune(repository).markedPacks());
    }

    @Test
    void pack_halfNeeded_isCopiedAndGoes() {
        byte[] both = new byte[6_000_000];
        System.arraycopy(SHARED, 0, both, 0, SHARED.length);
        System.arraycopy(noise(9, 4_000_000), 0, both, SHARED.length, 4_000_000);
        String gone = backUp(repository, "both", both).snapshot().toString();
        backUp(repository, "kept", SHARED);
        forget(gone);
        long before = backend.list(Area.PACKS).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        Prune.Result result = prune(repository);
        long after = backend.list(Area.PACKS).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertTrue(result.copiedBytes() > 0);
        assertTrue(after < before / 2, before + " bytes became " + after);
        assertTrue(check(repository).clean());
        assertArrayEquals(SHARED, read(repository, "latest", "/kept"));
    }

    /** A stream that does something in its middle: the backup that reads it is then under way. */
    private static InputStream interrupted(byte[] content, Runnable inTheMiddle) {
        InputStream hook = new InputStream() {
            private boolean done;

            @Override
            public int read() {
                if (!done) {
                    done = true;
                    inTheMiddle.run();
                }
                return -1;
            }
        };
        int half = content.length / 2;
        return new SequenceInputStream(java.util.Collections.enumeration(List.of(
                new java.io.ByteArrayInputStream(content, 0, half),
                hook,
                new java.io.ByteArrayInputStream(content, half, content.length - half))));
    }

    private Backup.Result backUpInterrupted(Repository by, byte[] content, Runnable inTheMiddle) {
        return new Backup(by, Progress.NONE, List.of(), Optional.empty())
                .stream("kept", interrupted(content, inTheMiddle));
    }

    @Test
    void backup_underWayWhileItsBlobsAreMarked_keepsThem() {
        String old = backUp(repository, "old", SHARED).snapshot().toString();
        backUpInterrupted(repository, SHARED, () -> {
            forget(old);
            Prune.Result result = prune(repository);
            assertTrue(result.markedPacks() > 0);
            assertEquals(0, result.deletedPacks(), "a backup from before the mark is under way");
            assertEquals(1, result.waiting().size());
        });
        assertArrayEquals(SHARED, read(repository, "latest", "/kept"));
        assertTrue(prune(repository).deletedPacks() > 0);
        Check.Report report = check(repository);
        assertTrue(report.clean(), () -> report.errors().toString());
        assertArrayEquals(SHARED, read(repository, "latest", "/kept"));
    }

    @Test
    void writer_evictedWhileAway_withdrawsItsSnapshot() {
        Repository away = TestRepository.open(backend, TestRepository.elsewhere(Clock.system(), "away"));
        String old = backUp(repository, "old", SHARED).snapshot().toString();
        assertThrows(
                RepositoryFault.Locked.class,
                () -> backUpInterrupted(away, SHARED, () -> {
                    forget(old);
                    String lease = Holder.all(repository).keySet().stream()
                            .filter(holder -> holder.host().equals("away"))
                            .findFirst()
                            .orElseThrow()
                            .lease();
                    assertEquals(1, prune(repository).waiting().size());
                    Prune.evict(repository, lease);
                    assertTrue(prune(repository).deletedPacks() > 0);
                }));
        assertTrue(repository.snapshots().isEmpty());
        Check.Report report = check(repository);
        assertTrue(report.clean(), () -> report.errors().toString());
        backUp(repository, "kept", SHARED);
        assertArrayEquals(SHARED, read(repository, "latest", "/kept"));
    }

    @Test
    void snapshotOfARestic_whoseBlobsWereMarked_isMendedByTheDeletion() {
        String old = backUp(repository, "old", SHARED).snapshot().toString();
        byte[] document = backend.load(new FileName(Area.SNAPSHOTS, old));
        try (Lease other =
                Lease.reader(TestRepository.open(backend, TestRepository.elsewhere(Clock.system(), "restic")))) {
            forget(old);
            assertEquals(0, prune(repository).deletedPacks());
            // The restic ends now: a snapshot that relies on what was in the index when it began.
            backend.save(new FileName(Area.SNAPSHOTS, old), document, document.length);
            other.check();
        }
        prune(repository);
        Check.Report report = check(repository);
        assertTrue(report.clean(), () -> report.errors().toString());
        assertArrayEquals(SHARED, read(repository, old, "/old"));
    }

    @Test
    void secondPrune_besideTheFirst_stepsBack() {
        try (Lease first = Lease.pruner(repository)) {
            RepositoryFault fault = assertThrows(RepositoryFault.Locked.class, () -> prune(repository));
            assertTrue(fault.getMessage().contains("pruner"), fault.getMessage());
            first.check();
        }
        assertEquals(0, prune(repository).markedPacks());
    }

    @Test
    void clock_jumpingBackwards_deletesNothingThatIsNeeded() {
        ManualClock clock = new ManualClock(Instant.parse("2030-01-01T00:00:00Z"));
        Repository early = TestRepository.open(backend, TestRepository.elsewhere(clock, "jumping"));
        Repository pruning = TestRepository.open(backend, TestRepository.elsewhere(clock, "pruning"));
        String old = backUp(repository, "old", SHARED).snapshot().toString();
        backUpInterrupted(early, SHARED, () -> {
            clock.advance(Duration.ofDays(-4000));
            forget(old);
            assertEquals(0, prune(repository).deletedPacks());
            clock.advance(Duration.ofDays(9000));
            assertEquals(0, prune(pruning).deletedPacks());
        });
        clock.advance(Duration.ofDays(-9000));
        prune(pruning);
        assertTrue(check(repository).clean());
        assertArrayEquals(
                SHARED, read(repository, repository.snapshots().getFirst().id().toString(), "/kept"));
    }

    @Test
    @Tag("slow")
    void prune_failingAtAnyCall_losesNothing() {
        for (int failing = 1; failing < 120; failing += 4) {
            FaultyMemory place = new FaultyMemory();
            Repository here = TestRepository.create(place);
            byte[] both = new byte[3_000_000];
            System.arraycopy(noise(3, 1_000_000), 0, both, 1_000_000, 1_000_000);
            String gone = backUp(here, "both", both).snapshot().toString();
            backUp(here, "kept", noise(3, 1_000_000));
            place.delete(new FileName(Area.SNAPSHOTS, gone));
            java.util.concurrent.atomic.AtomicInteger calls = new java.util.concurrent.atomic.AtomicInteger();
            int at = failing;
            place.failWith((_, _) -> calls.incrementAndGet() == at
                    ? Optional.of(new RepositoryFault.Unavailable("500", true))
                    : Optional.empty());
            try {
                prune(here);
            } catch (RepositoryFault expected) {
                assertTrue(expected.getMessage().contains("500"), expected.getMessage());
            }
            place.failWith((_, _) -> Optional.empty());
            assertTrue(check(here).clean(), () -> "failing call " + at);
            place.list(Area.LOCKS).keySet().forEach(lock -> place.delete(new FileName(Area.LOCKS, lock)));
            prune(here);
            assertTrue(check(here).clean(), () -> "failing call " + at);
            assertArrayEquals(noise(3, 1_000_000), read(here, "latest", "/kept"));
            assertTrue(place.list(Area.MARKS).isEmpty());
        }
    }
}

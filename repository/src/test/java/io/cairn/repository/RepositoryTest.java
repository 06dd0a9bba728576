package io.cairn.repository;

import static io.cairn.repository.TestRepository.backUp;
import static io.cairn.repository.TestRepository.check;
import static io.cairn.repository.TestRepository.noise;
import static io.cairn.repository.TestRepository.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FaultyMemory;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.LocalDirectory;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups, restores and checks, and what faults do to them. */
final class RepositoryTest {
    private final FaultyMemory backend = new FaultyMemory();

    @Test
    void tree_backedUpAndRestored_isTheSame(@TempDir Path scratch) throws Exception {
        Path source = Files.createDirectory(scratch.resolve("source"));
        SampleTree.make(source, 2);
        Repository repository = TestRepository.create(new LocalDirectory(scratch.resolve("repo"), Entropy.secure()));
        List<String> problems = new java.util.concurrent.CopyOnWriteArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void problem(String sentence) {
                problems.add(sentence);
            }
        };
        Backup backup = new Backup(repository, progress, List.of("a-tag"), Optional.empty());
        Backup.Result first = backup.directories(List.of(source.toString()), _ -> false);
        assertEquals(List.of(), problems);
        assertEquals(0, first.problems());
        Backup.Result second = backup.directories(List.of(source.toString()), _ -> false);
        assertEquals(first.files(), second.reused(), "nothing changed, so nothing is read");
        assertTrue(
                second.newBlobs() <= source.getNameCount(),
                "at most the directories above are new, where others may work: " + second.newBlobs());
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            Path out = scratch.resolve("out");
            reader.restore(progress).into(repository.snapshot("latest"), source.toString(), out.toString());
            assertEquals(List.of(), problems);
        }
        assertEquals(SampleTree.description(source), SampleTree.description(scratch.resolve("out")));
    }

    @Test
    void stream_ofAnyLength_comesBack() {
        Repository repository = TestRepository.create(backend);
        for (int length : new int[] {0, 1, 16_384, 1 << 20, 3_333_333}) {
            byte[] content = noise(length, length);
            String id = backUp(repository, "s" + length, content).snapshot().toString();
            assertArrayEquals(content, read(repository, id, "/s" + length));
        }
        assertTrue(check(repository).clean());
    }

    @Test
    void password_wrong_isSaidSoWithoutIt() {
        TestRepository.create(backend);
        byte[] wrong = "hunter2".getBytes(StandardCharsets.UTF_8);
        RepositoryFault fault = assertThrows(
                RepositoryFault.WrongPassword.class,
                () -> Repository.open(backend, wrong, TestRepository.actor(Clock.system())));
        assertFalse(fault.getMessage().contains("hunter2"));
    }

    @Test
    void keys_rotated_openOnlyWithTheNewPassword() {
        Repository repository = TestRepository.create(backend);
        backUp(repository, "x", noise(1, 1000));
        byte[] next = "next".getBytes(StandardCharsets.UTF_8);
        repository.keys().rotate(next);
        Actor actor = TestRepository.actor(Clock.system());
        assertThrows(
                RepositoryFault.WrongPassword.class, () -> Repository.open(backend, TestRepository.PASSWORD, actor));
        Repository again = Repository.open(backend, next, actor);
        assertArrayEquals(noise(1, 1000), read(again, "latest", "/x"));
        assertThrows(RepositoryFault.Refused.class, () -> again.keys().remove(again.openedWith()));
    }

    @Test
    void byteOfAPack_flipped_isFoundAndNamedAndHarmsNoOther() {
        Repository repository = TestRepository.create(backend);
        String first = backUp(repository, "one", noise(1, 900_000)).snapshot().toString();
        List<String> packsOfFirst = List.copyOf(backend.list(Area.PACKS).keySet());
        String second = backUp(repository, "two", noise(2, 900_000)).snapshot().toString();
        String victim = packsOfFirst.stream()
                .max(java.util.Comparator.comparing(
                        name -> backend.list(Area.PACKS).get(name)))
                .orElseThrow();
        backend.flip(new FileName(Area.PACKS, victim), 80_000);
        Check.Report report = check(repository);
        assertEquals(List.of(Id.parse(victim)), List.copyOf(report.damagedPacks()));
        assertEquals(List.of(first), List.copyOf(report.touched().keySet()));
        assertTrue(report.touched().get(first).contains("/one"));
        assertArrayEquals(noise(2, 900_000), read(repository, second, "/two"));
        assertThrows(RepositoryFault.Damaged.class, () -> read(repository, first, "/one"));
        assertFalse(new Verification(repository, Progress.NONE)
                .verify(repository.snapshot(first))
                .errors()
                .isEmpty());
    }

    @Test
    void index_lost_isMadeAnewFromThePacks() {
        Repository repository = TestRepository.create(backend);
        backUp(repository, "one", noise(1, 500_000));
        backend.list(Area.INDEXES).keySet().forEach(name -> backend.delete(new FileName(Area.INDEXES, name)));
        assertFalse(check(repository).clean());
        assertEquals(2, Check.repairIndex(repository).packs());
        assertTrue(check(repository).clean());
        assertArrayEquals(noise(1, 500_000), read(repository, "latest", "/one"));
    }

    @Test
    void backend_full_leavesAValidRepositoryAndTheNextRunReusesWhatWasStored() {
        Repository repository = TestRepository.create(backend);
        backUp(repository, "before", noise(5, 100_000));
        byte[] large = noise(6, 40_000_000);
        AtomicInteger packs = new AtomicInteger();
        backend.failWith((call, name) ->
                call == FaultyMemory.Call.SAVE && name.area() == Area.PACKS && packs.incrementAndGet() > 2
                        ? Optional.of(new RepositoryFault.Unavailable("No space left on device", false))
                        : Optional.empty());
        assertThrows(RepositoryFault.Unavailable.class, () -> backUp(repository, "large", large));
        backend.failWith((_, _) -> Optional.empty());
        assertTrue(check(repository).clean());
        assertArrayEquals(noise(5, 100_000), read(repository, "latest", "/before"));
        backUp(repository, "large", large);
        assertArrayEquals(large, read(repository, "latest", "/large"));
        assertTrue(check(repository).clean());
    }

    @Test
    @Tag("slow")
    void backend_failingAtAnyCall_leavesAValidRepository() {
        for (int failing = 1; failing < 60; failing += 3) {
            FaultyMemory place = new FaultyMemory();
            Repository repository = TestRepository.create(place);
            backUp(repository, "before", noise(5, 200_000));
            AtomicInteger calls = new AtomicInteger();
            int at = failing;
            place.failWith((_, _) -> calls.incrementAndGet() == at
                    ? Optional.of(new RepositoryFault.Unavailable("500", true))
                    : Optional.empty());
            try {
                byte[] content = Arrays.copyOf(noise(5, 200_000), 700_000);
                backUp(repository, "after", content);
            } catch (RepositoryFault expected) {
                assertTrue(expected.getMessage().contains("500"), expected.getMessage());
            }
            place.failWith((_, _) -> Optional.empty());
            Check.Report report = check(repository);
            assertTrue(report.clean(), () -> "failing call " + at + ": " + report.errors());
        }
    }
}

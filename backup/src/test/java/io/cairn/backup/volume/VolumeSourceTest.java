package io.cairn.backup.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.Cut;
import io.cairn.backup.Taken;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.PageRange;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.LocalDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images through a repository, with snapshots that are copies and ranges that the test knows. */
final class VolumeSourceTest {
    private static final int PAGE = 64 << 10;
    private static final int SIZE = 40 * PAGE + 4096;

    @TempDir
    Path scratch;

    private final SplittableRandom random = new SplittableRandom(7);
    private final Copies control = new Copies();
    private byte[] image = new byte[SIZE];
    private Repository repository;

    @BeforeEach
    void fill() {
        repository = Repository.create(
                new LocalDirectory(scratch.resolve("repo"), Entropy.seeded(1)),
                new byte[] {1},
                Actor.thisProcess(Clock.system(), Entropy.seeded(2)));
        write(0, 3 * PAGE);
        write(20 * PAGE + 100, 5 * PAGE);
    }

    private void write(int from, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, image, from, length);
    }

    /** A volume in memory whose snapshots are files; it compares them byte by byte. */
    private final class Copies implements VolumeControl {
        final Map<String, byte[]> shots = new LinkedHashMap<>();
        final List<Instant> backups = new ArrayList<>();
        boolean exact = true;
        boolean failing;

        @Override
        public About about(String volume) {
            return new About(volume, "id", image.length, "image", "ext4", "none");
        }

        @Override
        public List<Shot> snapshots(String volume) {
            return shots.keySet().stream().map(name -> new Shot(name, "then")).toList();
        }

        @Override
        public Shot snapshot(String volume, String name) {
            assertTrue(!shots.containsKey(name), name);
            shots.put(name, image.clone());
            return new Shot(name, "then");
        }

        @Override
        public Difference changes(String volume, Optional<String> from, String to) {
            if (failing) {
                throw new IllegalStateException("planted");
            }
            byte[] after = shots.getOrDefault(to, new byte[0]);
            byte[] before =
                    from.map(name -> shots.getOrDefault(name, new byte[0])).orElse(new byte[0]);
            List<PageRange> ranges = new ArrayList<>();
            for (int at = 0; at < after.length; at += 4096) {
                byte[] then = at < before.length ? Arrays.copyOfRange(before, at, at + 4096) : new byte[4096];
                if (!Arrays.equals(then, Arrays.copyOfRange(after, at, at + 4096))) {
                    ranges.add(new PageRange(at, 4096));
                }
            }
            try {
                return new Difference(
                        Files.write(scratch.resolve("image"), after), after.length, exact || from.isEmpty(), ranges);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void delete(String volume, String snapshot) {
            assertTrue(shots.remove(snapshot) != null, snapshot);
        }

        @Override
        public void backedUp(String volume, Instant at) {
            backups.add(at);
        }
    }

    /** Takes a backup and reads it back; returns the cut and what was added. */
    private Map.Entry<Cut, Backup.Result> backUp() {
        Taken taken = VolumeSource.open("orders", control, Clock.system())
                .take(new Backup(repository, Progress.NONE, List.of(), Optional.empty()));
        Backup.Result result = taken.result();
        var out = new ByteArrayOutputStream();
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            long length = reader.restore(Progress.NONE).stream(
                    repository.snapshot(result.snapshot().toString()), "/volume/orders/image", out);
            assertEquals(image.length, length);
        }
        assertArrayEquals(image, out.toByteArray());
        assertEquals(1, control.shots.size(), "one snapshot is kept to go on from");
        return Map.entry(taken.cut(), result);
    }

    @Test
    void image_changedInPlaces_readsAndStoresOnlyTheirPages() {
        Backup.Result first = backUp().getValue();
        assertTrue(first.newBytes() >= 9 * PAGE && first.newBytes() < 11 * PAGE + 8192, first.toString());
        write(PAGE + 5, 10);
        write(30 * PAGE, 2 * PAGE);
        Arrays.fill(image, 21 * PAGE, 22 * PAGE, (byte) 0);
        Map.Entry<Cut, Backup.Result> second = backUp();
        assertEquals("changes", second.getKey().facts().get("read"));
        // One page changed, two written, one that became zeros and is known; and about.json.
        assertTrue(second.getValue().newBytes() < 3 * PAGE + 8192, second.toString());
        assertEquals(2, control.backups.size());
    }

    @Test
    void image_grown_keepsItsLastPage() {
        backUp();
        image = Arrays.copyOf(image, 50 * PAGE);
        assertEquals("changes", backUp().getKey().facts().get("read"));
        write(45 * PAGE, 10);
        assertEquals("changes", backUp().getKey().facts().get("read"));
    }

    @Test
    void image_shrunk_isWhatItIs() {
        backUp();
        image = Arrays.copyOf(image, 21 * PAGE + 4096);
        backUp();
    }

    @Test
    void snapshotBefore_gone_everythingIsReadAgain() {
        backUp();
        control.shots.clear();
        Map.Entry<Cut, Backup.Result> second = backUp();
        assertEquals("everything", second.getKey().facts().get("read"));
        assertTrue(second.getValue().newBytes() < 8192, "and is known");
    }

    @Test
    void pool_withoutSharing_everythingIsReadAgain() {
        backUp();
        control.exact = false;
        assertEquals("everything", backUp().getKey().facts().get("read"));
    }

    @Test
    void run_thatFailed_leavesTheBaseToTheNext() {
        backUp();
        write(0, 10);
        control.failing = true;
        assertThrows(IllegalStateException.class, this::backUp);
        control.failing = false;
        assertEquals(2, control.shots.size());
        assertEquals("changes", backUp().getKey().facts().get("read"));
    }
}

package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces, folds and what a restore is given, on a repository in a directory. */
final class WalArchiveTest {
    private static final int SEGMENT = 1 << 20;
    private static final SourceName NAME = new SourceName("postgres", "db1:5432");
    private static final byte[] PASSWORD = "pw".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private Repository repository;
    private WalArea area;
    private byte[] wal;

    @BeforeEach
    void make() {
        repository = Repository.create(backend(), PASSWORD, actor("one"));
        area = new WalArea(repository, NAME);
        area.claim("77", SEGMENT);
        wal = new byte[5 * SEGMENT];
        new SplittableRandom(5).nextBytes(wal);
    }

    private LocalDirectory backend() {
        return new LocalDirectory(directory.resolve("repo"), Entropy.seeded(9));
    }

    private static Actor actor(String host) {
        Actor real = Actor.thisProcess(Clock.system(), Entropy.secure());
        return new Actor(
                real.clock(),
                real.entropy(),
                host,
                real.user(),
                real.pid(),
                real.uid(),
                real.gid(),
                real.boot(),
                real.started());
    }

    /** Writes the WAL from one byte to another, flushing now and then. */
    private void write(int from, int to, int step) {
        var writer = new WalWriter(area, 1, new Lsn(from), SEGMENT);
        for (int at = from; at < to; at += step) {
            int end = Math.min(to, at + step);
            writer.add(new Lsn(at), Arrays.copyOfRange(wal, at, end));
            writer.flush();
        }
        assertEquals(new Lsn(to), writer.flushed());
    }

    private byte[] fetched(int number) throws IOException {
        Path target =
                Files.createDirectories(directory.resolve("pgdata/pg_wal")).resolve("RECOVERYXLOG");
        String file = new WalSegment(1, number, SEGMENT).name();
        return new WalFetch(repository, NAME).fetch(file, target) ? Files.readAllBytes(target) : new byte[0];
    }

    private byte[] expected(int number, int end) {
        byte[] bytes = new byte[SEGMENT];
        System.arraycopy(wal, number * SEGMENT, bytes, 0, Math.min(SEGMENT, end - number * SEGMENT));
        return bytes;
    }

    @Test
    void wal_inPiecesAndFolded_isGivenBackByteForByte() throws IOException {
        int end = 3 * SEGMENT + 1000;
        write(SEGMENT, end, 70_000);
        for (int round = 0; round < 2; round++) {
            assertArrayEquals(expected(1, end), fetched(1));
            assertArrayEquals(expected(2, end), fetched(2));
            assertArrayEquals(expected(3, end), fetched(3));
            assertEquals(0, fetched(4).length);
            assertEquals(round == 0 ? 2 : 0, new WalFold(repository, area, SEGMENT).run());
        }
        assertEquals(1, area.pieces().size());
        assertEquals(1, repository.snapshots().size());
    }

    @Test
    void smallPieces_ofAnOpenSegment_becomeOne() throws IOException {
        write(0, 100_000, 1000);
        assertTrue(area.pieces().size() < 40, "pieces: " + area.pieces().size());
        assertArrayEquals(expected(0, 100_000), fetched(0));
    }

    @Test
    void fold_afterAFoldOfAnotherHost_keepsItsSegments() throws IOException {
        write(0, 2 * SEGMENT, SEGMENT);
        assertEquals(2, new WalFold(repository, area, SEGMENT).run());
        repository = Repository.open(backend(), PASSWORD, actor("two"));
        area = new WalArea(repository, NAME);
        write(2 * SEGMENT, 3 * SEGMENT, SEGMENT);
        assertEquals(1, new WalFold(repository, area, SEGMENT).run());
        assertEquals(1, repository.snapshots().size());
        for (int number = 0; number < 3; number++) {
            assertArrayEquals(expected(number, 3 * SEGMENT), fetched(number));
        }
    }

    @Test
    void fold_thatDiedBeforeItsPiecesWereDeleted_isDoneAgain() throws IOException {
        write(0, SEGMENT, 300_000);
        new WalFold(repository, area, SEGMENT).run();
        write(0, SEGMENT, 300_000);
        new WalFold(repository, area, SEGMENT).run();
        assertEquals(0, area.pieces().size());
        assertArrayEquals(expected(0, SEGMENT), fetched(0));
    }

    @Test
    void pieceThatIsMissing_isAGapAndNotAnEnd() throws IOException {
        write(0, 3 * SEGMENT, 300_000);
        area.pieces().stream()
                .filter(piece -> piece.from().bytes() > SEGMENT && piece.to().bytes() < 2 * SEGMENT)
                .limit(1)
                .forEach(area::delete);
        assertArrayEquals(expected(0, 3 * SEGMENT), fetched(0));
        SourceFault fault = assertThrows(SourceFault.Damaged.class, () -> fetched(1));
        assertTrue(fault.getMessage().contains("gap"), fault.getMessage());
        assertTrue(fault.getMessage().matches(".*from 0/[0-9A-F]+ to 0/[0-9A-F]+ of timeline 1.*"), fault.getMessage());
    }

    @Test
    void segmentThatIsMissing_isAGapAndNotAnEnd() {
        write(0, SEGMENT, SEGMENT);
        write(2 * SEGMENT, 3 * SEGMENT, SEGMENT);
        new WalFold(repository, area, SEGMENT).run();
        SourceFault fault = assertThrows(SourceFault.Damaged.class, () -> fetched(1));
        assertTrue(fault.getMessage().contains("from 0/100000 to 0/200000"), fault.getMessage());
    }

    @Test
    void archive_ofAnotherCluster_isRefused() {
        SourceFault fault = assertThrows(SourceFault.Refused.class, () -> area.claim("78", SEGMENT));
        assertTrue(fault.getMessage().contains("77"), fault.getMessage());
        area.claim("77", SEGMENT);
    }

    @Test
    void files_ofTheArea_tellNeitherHostNorContent() throws IOException {
        write(0, 1000, 1000);
        for (String file : repository.backend().list(Area.WAL).keySet()) {
            assertFalse(file.contains("db1"), file);
            String raw =
                    Files.readString(directory.resolve("repo/cairn/wal").resolve(file), StandardCharsets.ISO_8859_1);
            assertFalse(raw.contains("db1"), file);
        }
    }
}

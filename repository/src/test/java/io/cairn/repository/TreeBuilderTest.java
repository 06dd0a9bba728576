package io.cairn.repository;

import static io.cairn.repository.TestRepository.check;
import static io.cairn.repository.TestRepository.noise;
import static io.cairn.repository.TestRepository.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.repository.cut.DataClass;
import io.cairn.repository.store.FaultyMemory;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Node;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Trees that somebody tells: any order, nothing twice, and nothing read again that is there. */
final class TreeBuilderTest {
    private static final List<String> PATHS = List.of("/postgres/db:5432");
    private static final TreeBuilder.Entry ENTRY = TreeBuilder.Entry.at(Instant.parse("2026-01-02T03:04:05Z"), 0600);

    private final Repository repository = TestRepository.create(new FaultyMemory());

    private Backup.Result tree(Consumer<TreeBuilder> content) {
        return new Backup(repository, Progress.NONE, List.of(), Optional.empty()).tree(PATHS, content);
    }

    private static void file(TreeBuilder tree, String path, byte[] content, long size) {
        Node _ = tree.file(path, ENTRY, Optional.of(DataClass.PAGES), size, new ByteArrayInputStream(content));
    }

    @Test
    void entries_inAnyOrder_makeOneTree() {
        byte[] small = noise(1, 5_000);
        byte[] large = noise(2, 3_000_001);
        Backup.Result result = tree(tree -> {
            file(tree, "/postgres/db:5432/global/1262", small, small.length);
            file(tree, "/postgres/db:5432/base/1/1259", large, -1);
            file(tree, "/postgres/db:5432/global/pg_control", new byte[8192], 8192);
            tree.finished("/postgres/db:5432/base");
            tree.directory("/postgres/db:5432/pg_wal", ENTRY);
            tree.symbolicLink("/postgres/db:5432/pg_tblspc/16400", ENTRY, "/srv/fast");
        });
        assertEquals(3, result.files());
        Map<String, Long> found = new TreeMap<>();
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            reader.browse().walk(repository.snapshot("latest"), "/", (path, node) -> found.put(path, node.size()));
            assertEquals(
                    "/srv/fast",
                    reader.browse()
                            .node(repository.snapshot("latest"), "/postgres/db:5432/pg_tblspc/16400")
                            .orElseThrow()
                            .linkTarget());
        }
        assertEquals(11, found.size(), found::toString);
        assertEquals(3_000_001, found.get("/postgres/db:5432/base/1/1259"));
        String id = result.snapshot().toString();
        assertArrayEquals(small, read(repository, id, "/postgres/db:5432/global/1262"));
        assertArrayEquals(large, read(repository, id, "/postgres/db:5432/base/1/1259"));
        assertTrue(check(repository).clean());
    }

    @Test
    void file_thatWasWithdrawn_makesRoomForAnother() {
        byte[] content = noise(9, 5_000);
        Backup.Result result = tree(tree -> {
            file(tree, "/a/x", noise(8, 70_000), -1);
            tree.withdraw("/a/x");
            file(tree, "/a/x", content, content.length);
        });
        assertEquals(1, result.files());
        assertEquals(content.length, result.bytes());
        assertArrayEquals(content, read(repository, result.snapshot().toString(), "/a/x"));
    }

    @Test
    void earlier_content_isReusedWithoutReadingIt() {
        byte[] content = noise(3, 2_000_000);
        Backup.Result first = tree(tree -> {
            assertTrue(tree.earlier("/a/x").isEmpty());
            file(tree, "/a/x", content, content.length);
        });
        Backup.Result second =
                tree(tree -> tree.reuse("/a/x", ENTRY, tree.earlier("/a/x").orElseThrow()));
        assertEquals(Optional.of(first.snapshot()), second.parent());
        assertEquals(1, second.reused());
        assertEquals(0, second.newBlobs());
        assertArrayEquals(content, read(repository, second.snapshot().toString(), "/a/x"));
    }

    @Test
    void stream_ofAnotherLengthThanSaid_leavesNoSnapshot() {
        for (int said : new int[] {99, 101, 2_000_000}) {
            RepositoryFault fault = assertThrows(
                    RepositoryFault.Source.class, () -> tree(tree -> file(tree, "/a", new byte[100], said)));
            assertTrue(fault.getMessage().contains("/a should have " + said + " bytes"), fault.getMessage());
        }
        assertThrows(
                RepositoryFault.Source.class, () -> tree(tree -> file(tree, "/a", new byte[1_500_000], 1_000_000)));
        assertEquals(List.of(), repository.snapshots());
    }

    @Test
    void teller_thatFails_leavesNoSnapshot() {
        assertThrows(
                IllegalStateException.class,
                () -> tree(tree -> {
                    file(tree, "/a", new byte[100], 100);
                    throw new IllegalStateException("the server has gone");
                }));
        assertEquals(List.of(), repository.snapshots());
        assertTrue(check(repository).clean());
    }
}

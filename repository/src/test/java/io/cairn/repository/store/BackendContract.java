package io.cairn.repository.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every backend promises. */
abstract class BackendContract {
    private static final byte[] BYTES = "some bytes".getBytes(StandardCharsets.US_ASCII);
    private static final FileName PACK = new FileName(Area.PACKS, "ab".repeat(32));

    abstract Backend backend();

    @Test
    void file_saved_isThereAsWhole() {
        Backend backend = backend();
        backend.save(PACK, BYTES, 4);
        assertArrayEquals("some".getBytes(StandardCharsets.US_ASCII), backend.load(PACK));
        assertEquals(Map.of(PACK.name(), 4L), backend.list(Area.PACKS));
        assertTrue(backend.list(Area.INDEXES).isEmpty());
    }

    @Test
    void file_savedAgain_isReplaced() {
        Backend backend = backend();
        backend.save(PACK, BYTES, BYTES.length);
        backend.save(PACK, BYTES, BYTES.length);
        assertArrayEquals(BYTES, backend.load(PACK));
    }

    @Test
    void part_insideFile_isRead() {
        Backend backend = backend();
        backend.save(PACK, BYTES, BYTES.length);
        byte[] target = new byte[6];
        backend.read(PACK, 5, target, 1, 5);
        assertArrayEquals("\0bytes".getBytes(StandardCharsets.US_ASCII), target);
    }

    @Test
    void part_beyondEnd_isDamage() {
        Backend backend = backend();
        backend.save(PACK, BYTES, BYTES.length);
        assertThrows(RepositoryFault.Damaged.class, () -> backend.read(PACK, 5, new byte[6], 0, 6));
    }

    @Test
    void file_absent_isMissing() {
        Backend backend = backend();
        assertThrows(RepositoryFault.Missing.class, () -> backend.load(PACK));
        assertThrows(RepositoryFault.Missing.class, () -> backend.read(PACK, 0, new byte[1], 0, 1));
        backend.delete(PACK);
    }

    @Test
    void file_deleted_isGone() {
        Backend backend = backend();
        backend.save(PACK, BYTES, BYTES.length);
        backend.delete(PACK);
        assertTrue(backend.list(Area.PACKS).isEmpty());
    }

    @Test
    void saveIfAbsent_ofMany_lastsForOne() throws Exception {
        Backend backend = backend();
        FileName name = new FileName(Area.EVICTIONS, "lease");
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] mine = {(byte) i};
                answers.add(threads.submit(() -> backend.saveIfAbsent(name, mine)));
            }
            int winners = 0;
            int winner = -1;
            for (int i = 0; i < 8; i++) {
                if (answers.get(i).get()) {
                    winners++;
                    winner = i;
                }
            }
            assertEquals(1, winners);
            assertArrayEquals(new byte[] {(byte) winner}, backend.load(name));
        }
        assertFalse(backend.saveIfAbsent(name, BYTES));
    }
}

package io.cairn.simulation.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolatileDiskTest {
    private static final int MODE = 0x180;

    @TempDir
    Path storage;

    private VolatileDisk disk;

    @BeforeEach
    void make() {
        disk = new VolatileDisk(storage, Clock.system());
    }

    @Test
    void write_notSynced_isLostWhenDropped() throws IOException {
        VolatileFile file = named("a");
        file.write(bytes(3000, 1), 0);
        file.sync();
        file.write(bytes(1000, 2), 500);
        file.write(bytes(1000, 2), 9000);
        file.punch(0, 100);
        disk.crash(PowerLoss.DROP, new SplittableRandom(1));
        assertTrue(Arrays.equals(bytes(3000, 1), content(file)));
    }

    @Test
    void truncate_notSynced_isUndoneWhenDropped() throws IOException {
        VolatileFile file = named("a");
        file.write(bytes(3000, 1), 0);
        file.sync();
        file.resize(10);
        assertEquals(10, content(file).length);
        disk.crash(PowerLoss.DROP, new SplittableRandom(1));
        assertTrue(Arrays.equals(bytes(3000, 1), content(file)));
    }

    @Test
    void name_directoryNotSynced_isLostThoughTheFileWasSynced() throws IOException {
        VolatileFile file = disk.create(root(), "a", MODE);
        file.write(bytes(10, 1), 0);
        file.sync();
        disk.crash(PowerLoss.DROP, new SplittableRandom(1));
        assertNull(disk.find("/a"));
    }

    @Test
    void rename_directoryNotSynced_isUndone() throws IOException {
        VolatileFile file = named("a");
        disk.rename(root(), "a", root(), "b", file);
        assertNull(disk.find("/a"));
        disk.crash(PowerLoss.DROP, new SplittableRandom(1));
        assertNotNull(disk.find("/a"));
        assertNull(disk.find("/b"));
    }

    @Test
    void remove_synced_staysRemoved() throws IOException {
        VolatileFile file = named("a");
        disk.remove(root(), "a", file);
        root().sync();
        disk.crash(PowerLoss.REORDER, new SplittableRandom(1));
        assertNull(disk.find("/a"));
    }

    /** Every sector is the old or the new one, and over many seeds some writes are whole, torn and lost. */
    @Test
    void write_notSynced_isTornBetweenSectorsWhenReordered() {
        boolean[] seen = new boolean[3];
        Property.holds(60, random -> {
            disk = new VolatileDisk(java.nio.file.Files.createTempDirectory(storage, "disk"), Clock.system());
            VolatileFile file = named("a");
            file.write(bytes(4096, 1), 0);
            file.sync();
            file.write(bytes(4096, 2), 0);
            disk.crash(PowerLoss.REORDER, random);
            byte[] found = content(file);
            int fresh = 0;
            for (int sector = 0; sector < 8; sector++) {
                byte[] part = Arrays.copyOfRange(found, sector * 512, sector * 512 + 512);
                boolean isNew = part[0] == 2;
                assertTrue(Arrays.equals(bytes(512, isNew ? 2 : 1), part));
                fresh += isNew ? 1 : 0;
            }
            seen[fresh == 0 ? 0 : fresh == 8 ? 1 : 2] = true;
        });
        if (Long.getLong("cairn.seed") == null) {
            assertTrue(seen[0] && seen[1] && seen[2], Arrays.toString(seen));
        }
    }

    private VolatileDirectory root() {
        return Objects.requireNonNull(disk.parent("/a"));
    }

    private VolatileFile named(String name) throws IOException {
        VolatileFile file = disk.create(root(), name, MODE);
        root().sync();
        return file;
    }

    private static byte[] bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] content(VolatileFile file) throws IOException {
        ByteBuffer target = ByteBuffer.allocate((int) file.size());
        file.read(target, 0);
        return target.array();
    }
}

package io.cairn.shards;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Power cuts at every kind of moment, and the proof that the harness sees a sync that is missing. */
final class CrashTest {
    private static final int CONTROL_SEEDS = 300;

    @Test
    void acknowledged_survivesPowerCutsThatDropReorderAndTear() {
        Property.holds(100, CrashTest::life);
    }

    @Test
    @Tag("slow")
    void acknowledged_survivesPowerCuts_manySeeds() {
        Property.holds(5_000, CrashTest::life);
    }

    private static void life(SplittableRandom random) throws IOException {
        new CrashHarness(
                        random,
                        UnaryOperator.identity(),
                        SimulatedDisk.Crash.TEAR,
                        SimulatedDisk.Crash.DROP,
                        SimulatedDisk.Crash.KILL)
                .live(6);
    }

    @Test
    void control_withoutFileSync_isCaught() {
        assertTrue(isCaught(Unsynced::files), "no seed caught the missing sync of files");
    }

    @Test
    void control_withoutDirectorySync_isCaught() {
        assertTrue(isCaught(Unsynced::directories), "no seed caught the missing sync of directories");
    }

    private static boolean isCaught(UnaryOperator<Disk> layer) {
        for (int seed = 0; seed < CONTROL_SEEDS; seed++) {
            try {
                new CrashHarness(new SplittableRandom(seed), layer, SimulatedDisk.Crash.DROP, SimulatedDisk.Crash.TEAR)
                        .live(6);
            } catch (AssertionError | IOException caught) {
                return true;
            }
        }
        return false;
    }

    /** A disk that lies about one kind of sync. */
    private record Unsynced(Disk disk, boolean liesAboutFiles) implements Disk {
        static Disk files(Disk disk) {
            return new Unsynced(disk, true);
        }

        static Disk directories(Disk disk) {
            return new Unsynced(disk, false);
        }

        @Override
        public void createDirectory(String name) throws IOException {
            disk.createDirectory(name);
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return disk.list(directory);
        }

        @Override
        public boolean exists(String name) {
            return disk.exists(name);
        }

        @Override
        public DiskFile create(String name) throws IOException {
            DiskFile file = disk.create(name);
            return liesAboutFiles ? new LyingFile(file) : file;
        }

        @Override
        public DiskFile open(String name, boolean writable) throws IOException {
            DiskFile file = disk.open(name, writable);
            return liesAboutFiles ? new LyingFile(file) : file;
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void syncDirectory(String directory) throws IOException {
            if (liesAboutFiles) {
                disk.syncDirectory(directory);
            }
        }

        @Override
        public Optional<String> stamp(String name) {
            return disk.stamp(name);
        }

        @Override
        public boolean lock(String name) throws IOException {
            return disk.lock(name);
        }

        @Override
        public long capacity() throws IOException {
            return disk.capacity();
        }

        @Override
        public long usable() throws IOException {
            return disk.usable();
        }

        @Override
        public boolean readOnly() {
            return disk.readOnly();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }

    /** A file whose sync does nothing. */
    private record LyingFile(DiskFile file) implements DiskFile {
        @Override
        public int read(java.nio.ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(java.nio.ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void force() {}

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void punch(long offset, long length) throws IOException {
            file.punch(offset, length);
        }

        @Override
        public void dropCache() throws IOException {
            file.dropCache();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

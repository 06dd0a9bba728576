package io.cairn.shards;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.BlobId;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.LabelledShard;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardWrite;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drive on real files. */
final class DriveTest {
    private static final DriveOptions OPTIONS =
            DriveOptions.standard().withSegments(1 << 20, 8 << 20).withReserve(1 << 20, 1 << 20);

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void format() {
        directory = temporary.resolve("drive");
        DriveIdentity _ = Drive.format(directory, new DriveId(UUID.randomUUID()), "c1");
    }

    private Drive open() {
        return Drive.open(directory, OPTIONS);
    }

    static ShardKey key(long blob) {
        return new ShardKey(BlobId.of(1, blob), 0, 0);
    }

    static byte[] content(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ShardWrite write(long blob, int length) {
        return new ShardWrite(key(blob), ("label " + blob).getBytes(), content(blob, length), 0, length);
    }

    static byte[] read(Drive drive, long blob, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        assertTrue(drive.read(key(blob), 0, target), "shard " + blob + " is there");
        assertFalse(target.hasRemaining());
        return target.array();
    }

    private List<Path> segments(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("segments"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shard_appended_isReadBackAlsoAfterReopening() {
        int[] lengths = {0, 1, 4096, 65535, 65536, 65537, 1 << 20, 3_000_001};
        try (Drive drive = open()) {
            for (int i = 0; i < lengths.length; i++) {
                drive.append(write(i + 1, lengths[i])).join();
                assertArrayEquals(content(i + 1, lengths[i]), read(drive, i + 1, lengths[i]));
            }
        }
        try (Drive drive = open()) {
            for (int i = 0; i < lengths.length; i++) {
                assertArrayEquals(content(i + 1, lengths[i]), read(drive, i + 1, lengths[i]));
                assertTrue(drive.verify(key(i + 1)));
                assertEquals(lengths[i], drive.find(key(i + 1)).orElseThrow().length());
            }
            assertEquals(lengths.length, drive.space().shards());
        }
    }

    @Test
    void parts_ofAShard_areRead() {
        int length = 300_000;
        byte[] whole = content(7, length);
        try (Drive drive = open()) {
            drive.append(write(7, length)).join();
            Random random = new Random(1);
            for (int i = 0; i < 300; i++) {
                int from = random.nextInt(length);
                int count = random.nextInt(length - from + 1);
                ByteBuffer target = ByteBuffer.allocateDirect(count);
                assertTrue(drive.read(key(7), from, target));
                byte[] found = new byte[count];
                target.flip().get(found);
                assertArrayEquals(Arrays.copyOfRange(whole, from, from + count), found);
            }
        }
    }

    @Test
    void index_lost_isRebuiltFromTheSegments() throws IOException {
        try (Drive drive = open()) {
            List<CompletableFuture<Void>> pending = new ArrayList<>();
            for (int i = 1; i <= 500; i++) {
                pending.add(drive.append(write(i, i * 300)));
            }
            pending.forEach(CompletableFuture::join);
            drive.release(List.of(key(3), key(400), key(9999)));
        }
        RocksIndex.remove(directory.resolve("index"));
        try (Drive drive = open()) {
            for (int i = 1; i <= 500; i++) {
                if (i == 3 || i == 400) {
                    assertTrue(drive.find(key(i)).isEmpty());
                    assertFalse(drive.read(key(i), 0, ByteBuffer.allocate(0)));
                } else {
                    assertArrayEquals(content(i, i * 300), read(drive, i, i * 300));
                }
            }
            assertEquals(498, drive.space().shards());
            assertEquals(0, drive.stats().damagedRanges());
        }
    }

    @Test
    void scan_passesLiveShardsWithTheirLabels() {
        try (Drive drive = open()) {
            for (int i = 1; i <= 20; i++) {
                drive.append(write(i, i * 10_000)).join();
            }
            drive.release(List.of(key(5), key(15)));
            Map<ShardKey, LabelledShard> found = new HashMap<>();
            drive.scan(shard -> found.put(shard.info().key(), shard));
            assertEquals(18, found.size());
            assertArrayEquals("label 7".getBytes(), found.get(key(7)).label());
        }
        List<ShardKey> raw = new ArrayList<>();
        List<ShardKey> released = new ArrayList<>();
        Drive.scanOffline(directory, new OfflineScan.Visitor() {
            @Override
            public void shard(LabelledShard shard, long sequence) {
                raw.add(shard.info().key());
            }

            @Override
            public void released(ShardKey key, long sequence) {
                released.add(key);
            }

            @Override
            public void damage(String segment, long from, long to) {
                throw new AssertionError("damage in " + segment + " from " + from + " to " + to);
            }
        });
        assertTrue(raw.size() >= 18);
        assertEquals(List.of(key(5), key(15)), released);
    }

    @Test
    void bulkRelease_givesBlocksBackAtOnce() throws IOException {
        try (Drive drive = open()) {
            for (int i = 1; i <= 4; i++) {
                drive.append(write(i, 1 << 20)).join();
            }
            long before = blocks(segments("b").getFirst());
            drive.release(List.of(key(1), key(2), key(3)));
            long after = blocks(segments("b").getFirst());
            assertTrue(before - after >= 3 << 20, before + " then " + after);
            assertTrue(drive.space().reclaimed() >= 3 << 20);
            assertArrayEquals(content(4, 1 << 20), read(drive, 4, 1 << 20));
        }
    }

    private static long blocks(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes()).strip());
    }

    @Test
    void compaction_returnsSpaceAndKeepsWhatLives() throws IOException {
        int count = 2000;
        try (Drive drive = open()) {
            List<CompletableFuture<Void>> pending = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                pending.add(drive.append(write(i, 4096)));
            }
            pending.forEach(CompletableFuture::join);
            long before = drive.space().segments();
            List<ShardKey> gone = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                if (i % 10 != 0) {
                    gone.add(key(i));
                }
            }
            drive.release(gone);
            drive.compact();
            assertTrue(drive.space().segments() < before / 3, before + " then " + drive.space());
            for (int i = 10; i <= count; i += 10) {
                assertArrayEquals(content(i, 4096), read(drive, i, 4096));
            }
        }
        RocksIndex.remove(directory.resolve("index"));
        try (Drive drive = open()) {
            assertEquals(count / 10, drive.space().shards());
        }
    }

    @Test
    void flippedByte_isACorruptFaultOrRightData() throws IOException {
        try (Drive drive = open()) {
            for (int i = 1; i <= 10; i++) {
                drive.append(write(i, 5000)).join();
            }
        }
        Path segment = segments("p").getFirst();
        Random random = new Random(42);
        long size = Files.size(segment);
        for (int run = 0; run < 24; run++) {
            long at = run < 5 ? run * 13L : 4096 + (long) random.nextInt((int) size - 4096);
            flip(segment, at);
            if (run % 2 == 0) {
                RocksIndex.remove(directory.resolve("index"));
            }
            int damaged = 0;
            try (Drive drive = open()) {
                for (int i = 1; i <= 10; i++) {
                    try {
                        if (drive.find(key(i)).isEmpty()) {
                            damaged++;
                            assertTrue(drive.stats().damagedRanges() > 0, "the loss of " + i + " is reported");
                            continue;
                        }
                        assertArrayEquals(content(i, 5000), read(drive, i, 5000));
                    } catch (CorruptFault expected) {
                        damaged++;
                    }
                }
            }
            assertTrue(damaged <= 1, damaged + " shards damaged by one byte at " + at);
            flip(segment, at);
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            int old = access.read();
            access.seek(at);
            access.write(old ^ 0x40);
        }
    }

    @Test
    void directory_removed_endsAppends() throws IOException {
        try (Drive drive = open()) {
            drive.append(write(1, 100)).join();
            Files.move(directory, temporary.resolve("elsewhere"));
            CompletionException failure = assertThrows(
                    CompletionException.class, () -> drive.append(write(2, 100)).join());
            assertEquals(
                    DriveFault.Kind.GONE,
                    assertInstanceOf(DriveFault.class, failure.getCause()).kind());
            assertEquals(DriveFault.Kind.GONE, drive.trouble().orElseThrow().kind());
            assertTrue(drive.append(write(3, 1)).isCompletedExceptionally());
            Files.move(temporary.resolve("elsewhere"), directory);
        }
        try (Drive drive = open()) {
            assertArrayEquals(content(1, 100), read(drive, 1, 100));
        }
    }

    @Test
    void inspection_tellsWhatADirectoryIs() throws IOException {
        assertInstanceOf(DriveInspection.Formatted.class, Drive.inspect(directory));
        assertInstanceOf(DriveInspection.Missing.class, Drive.inspect(temporary.resolve("none")));
        Path blank = Files.createDirectory(temporary.resolve("blank"));
        // The volumes of the same host may have come first.
        Path _ = Files.createDirectory(blank.resolve("volumes"));
        assertInstanceOf(DriveInspection.Blank.class, Drive.inspect(blank));
        Files.writeString(blank.resolve("thesis.txt"), "precious");
        assertInstanceOf(DriveInspection.Foreign.class, Drive.inspect(blank));
        assertThrows(DriveFault.class, () -> Drive.format(blank, new DriveId(UUID.randomUUID()), "c"));
        flip(directory.resolve("cairn-drive"), 20);
        assertInstanceOf(DriveInspection.Formatted.class, Drive.inspect(directory), "there is a copy");
        flip(directory.resolve("cairn-drive.copy"), 20);
        assertInstanceOf(DriveInspection.Unreadable.class, Drive.inspect(directory));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("cairn-drive"))));
    }

    @Test
    void secondOpening_isRefused() {
        try (Drive drive = open()) {
            assertThrows(DriveFault.class, this::open);
            drive.append(write(1, 10)).join();
        }
    }

    @Test
    void catalogue_isReplacedAsAWhole() throws IOException {
        try (Drive drive = open()) {
            assertTrue(drive.readCatalogue().isEmpty());
            drive.writeCatalogue(content(1, 100));
            drive.writeCatalogue(content(2, 50));
            assertArrayEquals(content(2, 50), drive.readCatalogue().orElseThrow());
            flip(directory.resolve("catalogue"), 30);
            assertThrows(CorruptFault.class, drive::readCatalogue);
        }
    }

    @Test
    void interruptedReader_doesNotCloseTheFileForOthers() {
        try (Drive drive = open()) {
            drive.append(write(1, 200_000)).join();
            Thread.currentThread().interrupt();
            assertArrayEquals(content(1, 200_000), read(drive, 1, 200_000));
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            assertArrayEquals(content(1, 200_000), read(drive, 1, 200_000));
        }
    }
}

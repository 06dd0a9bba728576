package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.host.BlockDevice;
import io.cairn.host.Errno;
import io.cairn.host.Extent;
import io.cairn.host.FileIdentity;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Freeze;
import io.cairn.host.HostFault;
import io.cairn.host.Loop;
import io.cairn.host.MakeOptions;
import io.cairn.host.MakeResult;
import io.cairn.host.MountOptions;
import io.cairn.host.PoolSpace;
import io.cairn.host.kernel.Descriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Image files on XFS, which shares blocks, in an image of its own. */
final class PoolTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 2048;
    private static final int PUNCH_HOLE = 0x3;
    private static final ByteCount SIZE = ByteCount.of((long) BLOCK * BLOCKS);

    private final LinuxImageFiles images = new LinuxImageFiles();
    private Scratch scratch;
    private BlockDevice device;
    private Path pool;

    @BeforeEach
    void open() throws IOException {
        scratch = Scratch.forRoot();
        Scratch.assumeTools(XfsPrograms.MAKE);
        device = scratch.device("pool.xfs", ByteCount.mebibytes(768));
        var filesystems = new LinuxFilesystems(Clock.system());
        assertInstanceOf(MakeResult.Made.class, filesystems.make(FilesystemKind.XFS, device, MakeOptions.DEFAULTS));
        pool = scratch.mountpoint("pool");
        new LinuxMountTable().mount(device.node().toString(), pool, "xfs", MountOptions.DEFAULTS);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (pool != null) {
            new LinuxMountTable().unmount(pool);
            new LinuxLoopDevices().detach(device);
        }
        if (scratch != null) {
            scratch.close();
        }
    }

    @Test
    void pool_onXfs_sharesBlocksAndSaysWhatItIs() throws IOException {
        assertTrue(images.reflinks(pool));
        PoolSpace space = images.space(pool);
        assertEquals("xfs", space.type());
        assertEquals(device.number(), space.device());
        try (Stream<Path> files = Files.list(pool)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void image_largerThanThePool_isNoSpaceAndLeavesNothing() throws IOException {
        long before = images.space(pool).available().bytes();
        HostFault fault =
                assertThrows(HostFault.class, () -> images.create(pool.resolve("image"), ByteCount.gibibytes(1), true));
        assertEquals(Errno.ENOSPC, fault.errno());
        assertTrue(fault.getMessage().contains("ENOSPC; the pool has not enough room"), fault.getMessage());
        try (Stream<Path> files = Files.list(pool)) {
            assertEquals(0, files.count());
        }
        assertTrue(before - images.space(pool).available().bytes() < 1 << 20, "what was reserved went back");
    }

    @Test
    void reflink_ofAnImage_takesNoRoomUntilItIsWritten() throws IOException {
        Path image = written("image");
        long before = images.space(pool).available().bytes();
        images.reflink(image, pool.resolve("snapshot"));
        assertTrue(before - images.space(pool).available().bytes() < 1 << 20);
        assertEquals(-1, Files.mismatch(image, pool.resolve("snapshot")));
        assertTrue(images.extents(image).stream().allMatch(Extent::shared));
        ImageFilesTest.write(image, 0, ImageFilesTest.bytes(BLOCK, 99));
        assertTrue(Files.mismatch(image, pool.resolve("snapshot")) >= 0);
    }

    @Test
    void reflink_toANameThatExists_leavesItAsItIs() throws IOException {
        Path image = written("image");
        Path other = Files.writeString(pool.resolve("other"), "somebody's");
        HostFault fault = assertThrows(HostFault.class, () -> images.reflink(image, other));
        assertEquals(Errno.EEXIST, fault.errno());
        assertEquals("somebody's", Files.readString(other));
    }

    @Test
    void reflink_acrossFilesystems_isNotSupportedAndLeavesNothing() throws IOException {
        Path image = written("image");
        HostFault fault = assertThrows(HostFault.class, () -> images.reflink(image, scratch.path("elsewhere")));
        assertEquals(Errno.EOPNOTSUPP, fault.errno());
        assertFalse(Files.exists(scratch.path("elsewhere")));
    }

    /** The promise that incremental backup stands on: compared places tell exactly the blocks that differ. */
    @Test
    void extents_ofTwoSnapshots_tellExactlyTheChangedBlocks() throws IOException {
        Path image = written("image");
        images.reflink(image, pool.resolve("s1"));
        var random = new SplittableRandom(20261122);
        Set<Long> changed = new HashSet<>();
        for (int i = 0; i < 301; i++) {
            long block = random.nextInt(BLOCKS);
            changed.add(block);
            ImageFilesTest.write(image, block * BLOCK, ImageFilesTest.bytes(BLOCK, random.nextInt()));
        }
        images.reflink(image, pool.resolve("s2"));
        assertEquals(changed, different(places(pool.resolve("s1")), places(pool.resolve("s2"))));
    }

    @Test
    void image_sharedWithASnapshot_isThickAgainWhenReserved() throws IOException {
        Path image = pool.resolve("image");
        images.create(image, SIZE, true);
        ImageFilesTest.write(image, 0, ImageFilesTest.bytes(BLOCK * 700, 3));
        images.reflink(image, pool.resolve("snapshot"));
        assertTrue(images.extents(image).stream().anyMatch(Extent::shared), "control: it is shared");
        long before = images.space(pool).available().bytes();
        images.reserve(image);
        assertTrue(images.extents(image).stream().noneMatch(Extent::shared));
        assertTrue(before - images.space(pool).available().bytes() >= BLOCK * 700L, "the room is taken now");
        assertEquals(-1, Files.mismatch(image, pool.resolve("snapshot")));
        assertEquals(
                SIZE.bytes(),
                images.extents(image).stream().mapToLong(Extent::length).sum());
    }

    @Test
    void image_reservedOnAFullPool_isNoSpaceAndKeepsItsContent() throws IOException {
        Path image = written("image");
        images.reflink(image, pool.resolve("snapshot"));
        long left = images.space(pool).available().bytes();
        images.create(pool.resolve("ballast"), ByteCount.of(left - SIZE.bytes() / 2), true);
        HostFault fault = assertThrows(HostFault.class, () -> images.reserve(image));
        assertEquals(Errno.ENOSPC, fault.errno());
        assertEquals(-1, Files.mismatch(image, pool.resolve("snapshot")));
    }

    /** Writers go on until the freeze: what they wrote before is in the copy, what they write after is not. */
    @Test
    void reflinkFrozen_ofAnImageBeingWritten_isTheImageAtTheFreeze() throws IOException {
        Path image = written("image");
        var random = new SplittableRandom(7);
        for (int round = 0; round < 3; round++) {
            Path snapshot = pool.resolve("snapshot" + round);
            Path expected = scratch.path("expected" + round);
            Freeze.Thaw thaw = images.reflinkFrozen(image, snapshot, () -> {
                assertFalse(Files.exists(snapshot), "it has no name before it is complete");
                scatter(image, random);
                return new CountedFreeze(() -> images.copySparse(image, expected), () -> scatter(image, random));
            });
            assertInstanceOf(Freeze.Thaw.InTime.class, thaw);
            assertEquals(-1, Files.mismatch(expected, snapshot));
            assertTrue(Files.mismatch(image, snapshot) >= 0, "control: it was written after the freeze");
        }
    }

    @Test
    void reflinkFrozen_whoseFreezeDidNotHold_leavesNoFile() throws IOException {
        Path image = written("image");
        Freeze.Thaw thaw = images.reflinkFrozen(image, pool.resolve("snapshot"), LateFreeze::new);
        assertInstanceOf(Freeze.Thaw.TooLate.class, thaw);
        assertFalse(Files.exists(pool.resolve("snapshot")));
    }

    /**
     * A shared file asks for direct I/O in blocks of the pool, which gives its loop device larger sectors than before.
     */
    @ParameterizedTest
    @EnumSource
    void filesystemInAnImage_afterItsFirstSnapshot_mountsAgain(FilesystemKind kind) throws IOException {
        var loops = new LinuxLoopDevices();
        var mounts = new LinuxMountTable();
        Path image = pool.resolve("volume");
        images.create(image, ByteCount.mebibytes(300), false);
        BlockDevice volume = loops.attach(image, true);
        var filesystems = new LinuxFilesystems(Clock.system());
        assertInstanceOf(MakeResult.Made.class, filesystems.make(kind, volume, MakeOptions.DEFAULTS));
        loops.detach(volume);
        images.reflink(image, pool.resolve("snapshot"));
        BlockDevice again = loops.attach(image, true);
        Path mountpoint = scratch.mountpoint("volume");
        mounts.mount(again.node().toString(), mountpoint, kind.type(), MountOptions.DEFAULTS);
        mounts.unmount(mountpoint);
        loops.detach(again);
    }

    @Test
    void pool_thatDied_keepsNobodyElseFromTheirDevices() throws IOException {
        var loops = new LinuxLoopDevices();
        BlockDevice dead = loops.attach(written("image"), true);
        Scratch.run("xfs_io", "-x", "-c", "shutdown -f", pool.toString());
        assertThrows(HostFault.class, () -> images.create(pool.resolve("another"), SIZE, false));
        Loop loop = loops.all().stream()
                .filter(each -> each.device().equals(dead))
                .findFirst()
                .orElseThrow();
        assertEquals(FileIdentity.UNKNOWN, loop.backingFile());
        assertEquals(pool.resolve("image").toString(), loop.backingName());
        BlockDevice living = scratch.device("living", SIZE);
        loops.detach(living);
        loops.detach(dead);
    }

    /** Overwrites, and trims, some blocks. */
    private static void scatter(Path image, SplittableRandom random) {
        try (var file = Descriptor.open(image, Descriptor.READ_WRITE);
                var bytes = new RandomAccessFile(image.toFile(), "rw")) {
            for (int i = 0; i < 60; i++) {
                long at = random.nextInt(BLOCKS) * (long) BLOCK;
                if (random.nextInt(3) == 0) {
                    file.demand(file.allocate(PUNCH_HOLE, at, BLOCK), "punch a hole in", "");
                } else {
                    bytes.seek(at);
                    bytes.write(ImageFilesTest.bytes(BLOCK, random.nextInt()));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A freeze of nothing: {@code during} runs at its start, {@code after} at its end. */
    private static final class CountedFreeze implements Freeze {
        private final Runnable after;
        private boolean thawed;

        CountedFreeze(Runnable during, Runnable after) {
            this.after = after;
            during.run();
        }

        @Override
        public Thaw thaw() {
            if (!thawed) {
                thawed = true;
                after.run();
            }
            return new Thaw.InTime(Duration.ZERO);
        }

        @Override
        public void close() {
            Thaw _ = thaw();
        }
    }

    /** A freeze that ended before it should. */
    private record LateFreeze() implements Freeze {
        @Override
        public Thaw thaw() {
            return new Thaw.TooLate(Duration.ZERO);
        }

        @Override
        public void close() {}
    }

    private Path written(String name) throws IOException {
        Path image = pool.resolve(name);
        images.create(image, SIZE, false);
        ImageFilesTest.write(image, 0, ImageFilesTest.bytes((int) SIZE.bytes(), 5));
        return image;
    }

    private Map<Long, Long> places(Path image) {
        var places = new HashMap<Long, Long>();
        for (Extent extent : images.extents(image)) {
            assertTrue(extent.placed());
            for (long at = 0; at < extent.length(); at += BLOCK) {
                places.put((extent.logical() + at) / BLOCK, extent.physical() + at);
            }
        }
        return places;
    }

    private static Set<Long> different(Map<Long, Long> one, Map<Long, Long> two) {
        var different = new HashSet<Long>();
        two.forEach((block, place) -> {
            if (!place.equals(one.get(block))) {
                different.add(block);
            }
        });
        return different;
    }
}

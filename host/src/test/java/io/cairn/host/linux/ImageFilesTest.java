package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.Errno;
import io.cairn.host.Extent;
import io.cairn.host.HostFault;
import io.cairn.host.PoolSpace;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Image files on whatever filesystem the directory for temporary files is on; {@link PoolTest} has XFS. */
final class ImageFilesTest {
    private static final ByteCount SIZE = ByteCount.mebibytes(4);

    private final LinuxImageFiles images = new LinuxImageFiles();
    private Scratch scratch;
    private Path image;

    @BeforeEach
    void open() throws IOException {
        scratch = Scratch.make();
        image = scratch.path("image");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        scratch.close();
    }

    @Test
    void image_thin_hasItsSizeAndNoBlocks() throws IOException {
        images.create(image, SIZE, false);
        assertEquals(SIZE.bytes(), Files.size(image));
        assertEquals(ByteCount.of(0), images.allocated(image));
        assertEquals(List.of(), images.extents(image));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(image)));
    }

    @Test
    void image_thick_hasEveryBlockUnwritten() {
        images.create(image, SIZE, true);
        assertTrue(images.allocated(image).compareTo(SIZE) >= 0);
        assertTrue(images.extents(image).stream().allMatch(Extent::unwritten));
    }

    @Test
    void image_thatExists_isNotTouched() throws IOException {
        Files.writeString(image, "somebody's");
        HostFault fault = assertThrows(HostFault.class, () -> images.create(image, SIZE, true));
        assertEquals(Errno.EEXIST, fault.errno());
        assertEquals("somebody's", Files.readString(image));
        assertThrows(HostFault.class, () -> images.copySparse(image, image));
        assertEquals("somebody's", Files.readString(image));
    }

    @Test
    void image_inAMissingDirectory_saysWhich() {
        HostFault fault = assertThrows(HostFault.class, () -> images.create(scratch.path("none/image"), SIZE, false));
        assertEquals(Errno.ENOENT, fault.errno());
        assertTrue(fault.getMessage().contains("none"), fault.getMessage());
    }

    @Test
    void image_grown_isSparseAtItsEndAndNeverShrinks() throws IOException {
        images.create(image, SIZE, true);
        images.grow(image, ByteCount.mebibytes(8));
        images.grow(image, ByteCount.mebibytes(8));
        assertEquals(8 << 20, Files.size(image));
        assertTrue(images.allocated(image).compareTo(ByteCount.mebibytes(8)) < 0);
        assertThrows(HostFault.class, () -> images.grow(image, SIZE));
        images.reserve(image);
        assertTrue(images.allocated(image).compareTo(ByteCount.mebibytes(8)) >= 0);
    }

    @Test
    void image_reserved_keepsItsContent() throws IOException {
        images.create(image, SIZE, false);
        write(image, 1 << 20, bytes(5000, 7));
        byte[] before = Files.readAllBytes(image);
        images.reserve(image);
        assertArrayEquals(before, Files.readAllBytes(image));
        assertTrue(images.allocated(image).compareTo(SIZE) >= 0);
    }

    @Test
    void copy_ofRandomHoles_isEqualAndAsSparse() {
        Property.holds(12, random -> {
            Path from = scratch.path("from" + random.nextLong());
            Path to = scratch.path("to" + random.nextLong());
            images.create(from, ByteCount.of(random.nextLong(1, 3 << 20)), false);
            int writes = random.nextInt(8);
            for (int i = 0; i < writes; i++) {
                int length = random.nextInt(1, 100_000);
                write(from, random.nextLong(2 << 20), bytes(length, random.nextInt()));
            }
            images.copySparse(from, to);
            assertEquals(-1, Files.mismatch(from, to));
            // The blocks of the extent tree count too, and differ with the order of writing.
            long more = images.allocated(to).bytes() - images.allocated(from).bytes();
            assertTrue(more <= 32 << 10, "allocated " + more + " more than the original");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(to)));
        });
    }

    @Test
    void copy_returnsTheBytesOfData() throws IOException {
        images.create(image, SIZE, false);
        write(image, 2 << 20, bytes(8192, 1));
        assertEquals(ByteCount.of(8192), images.copySparse(image, scratch.path("copy")));
    }

    @Test
    void extents_ofData_areWhereItWasWritten() throws IOException {
        images.create(image, SIZE, false);
        for (long at : new long[] {0, 1 << 20, 3 << 20}) {
            write(image, at, bytes(4096, 9));
        }
        List<Extent> extents = images.extents(image);
        assertEquals(
                List.of(0L, 1L << 20, 3L << 20),
                extents.stream().map(Extent::logical).toList());
        assertTrue(extents.stream().allMatch(extent -> extent.placed() && !extent.unwritten()));
    }

    @Test
    void extents_ofManyPieces_areReadInSeveralCalls() throws IOException {
        images.create(image, ByteCount.mebibytes(16), false);
        try (var open = new RandomAccessFile(image.toFile(), "rw")) {
            for (int i = 0; i < 1200; i++) {
                open.seek(i * 8192L);
                open.write(bytes(4096, i));
            }
        }
        List<Extent> extents = images.extents(image);
        assertEquals(1200 * 4096L, extents.stream().mapToLong(Extent::length).sum());
        for (int i = 1; i < extents.size(); i++) {
            assertTrue(extents.get(i).logical() >= extents.get(i - 1).logicalEnd());
        }
    }

    @Test
    void image_deleted_isGoneAndDeletingAgainIsNoError() {
        images.create(image, SIZE, false);
        images.delete(image);
        images.delete(image);
        assertFalse(Files.exists(image));
    }

    @Test
    void space_ofADirectory_saysWhereItIs() {
        PoolSpace space = images.space(scratch.path(""));
        assertTrue(space.available().bytes() > 0 && space.available().compareTo(space.size()) <= 0, space.toString());
        assertFalse(space.readOnly());
        assertFalse(space.type().isEmpty());
        images.syncDirectory(scratch.path(""));
    }

    static void write(Path file, long at, byte[] content) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(content);
        }
    }

    static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) (value | 1));
        return bytes;
    }
}

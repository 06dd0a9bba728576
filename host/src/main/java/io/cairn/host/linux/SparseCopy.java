package io.cairn.host.linux;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Descriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Copying of the data of a file, but not of its holes. Stateless. Source: lseek(2), SEEK_DATA and SEEK_HOLE. */
final class SparseCopy {
    private SparseCopy() {}

    /** Copies what lies before {@code size} to the same places; the target must be holes. Returns the bytes copied. */
    static long copy(Descriptor from, Descriptor to, long size) {
        try (FileChannel source = FileChannel.open(from.magicPath(), StandardOpenOption.READ);
                FileChannel target = FileChannel.open(to.magicPath(), StandardOpenOption.WRITE)) {
            long copied = 0;
            long at = 0;
            while (at < size) {
                long data = from.seekData(at);
                if (Descriptor.is(data, Errno.ENXIO)) {
                    break;
                }
                long start = from.demand(data, "find the data of", "");
                long end = Math.min(size, from.demand(from.seekHole(start), "find the holes of", ""));
                copyRange(source, target, start, end);
                copied += Math.max(0, end - start);
                at = end;
            }
            return copied;
        } catch (IOException failure) {
            throw new HostFault("copy " + from.path() + ": " + failure.getMessage(), errno(failure), failure);
        }
    }

    private static void copyRange(FileChannel source, FileChannel target, long start, long end) throws IOException {
        target.position(start);
        for (long at = start; at < end; ) {
            long count = source.transferTo(at, end - at, target);
            if (count <= 0) {
                throw new IOException("the file ended at byte " + at + ", before " + end);
            }
            at += count;
        }
    }

    /** Java keeps the kernel's words, but not its number. */
    private static Errno errno(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("No space left")) {
            return Errno.ENOSPC;
        }
        return message.contains("quota") ? Errno.EDQUOT : Errno.EIO;
    }
}

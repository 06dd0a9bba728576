package io.cairn.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Small files in the root of a drive that are replaced as a whole. Stateless. */
final class SmallFile {
    private static final int BYTES_MAX = 1 << 28;

    private SmallFile() {}

    /** Replaces the file, atomically and durably: after a crash it is the old or the new one. */
    static void replace(Disk disk, String name, byte[] content) throws IOException {
        String next = name + ".new";
        if (disk.exists(next)) {
            disk.delete(next);
        }
        try (DiskFile file = disk.create(next)) {
            file.write(ByteBuffer.wrap(content), 0);
            file.force();
        }
        disk.rename(next, name);
        disk.syncDirectory("");
    }

    static Optional<byte[]> read(Disk disk, String name) throws IOException {
        if (!disk.exists(name)) {
            return Optional.empty();
        }
        try (DiskFile file = disk.open(name, false)) {
            long size = file.size();
            if (size > BYTES_MAX) {
                throw new IOException(name + " has " + size + " bytes, at most " + BYTES_MAX);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            int count = file.read(content, 0);
            return Optional.of(java.util.Arrays.copyOf(content.array(), count));
        }
    }
}

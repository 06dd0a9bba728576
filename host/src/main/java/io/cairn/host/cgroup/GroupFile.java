package io.cairn.host.cgroup;

import io.cairn.host.kernel.KernelText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files of a group. The kernel takes a write as a whole, or refuses it. Stateless. */
final class GroupFile {
    private GroupFile() {}

    static String read(Path file) throws IOException {
        return KernelText.read(file, StandardCharsets.US_ASCII);
    }

    static void write(Path file, String words) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((words + "\n").getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int count = bytes.remaining();
            if (channel.write(bytes) != count) {
                throw new IOException("the kernel took only a part of: " + words);
            }
        }
    }
}

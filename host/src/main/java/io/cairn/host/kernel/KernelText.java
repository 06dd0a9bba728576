package io.cairn.host.kernel;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Text files that the kernel makes while they are read, below {@code /proc} and {@code /sys}: their sizes say nothing.
 * They are read at every call of Docker, so into memory that the thread keeps: of platform threads, which are few.
 * Stateless otherwise.
 */
public final class KernelText {
    private static final int BYTES_FIRST = 16 << 10;
    private static final int BYTES_KEPT = 256 << 10;
    private static final ThreadLocal<byte[]> KEPT = ThreadLocal.withInitial(() -> new byte[BYTES_FIRST]);

    private KernelText() {}

    /** The whole text. */
    public static String read(Path file, Charset charset) throws IOException {
        byte[] buffer = Thread.currentThread().isVirtual() ? new byte[BYTES_FIRST] : KEPT.get();
        try (var in = new FileInputStream(file.toString())) {
            int length = 0;
            for (int count = 0; count >= 0; count = in.read(buffer, length, buffer.length - length)) {
                length += count;
                if (length == buffer.length) {
                    buffer = grown(buffer);
                }
            }
            return new String(buffer, 0, length, charset);
        }
    }

    private static byte[] grown(byte[] buffer) {
        byte[] larger = Arrays.copyOf(buffer, 2 * buffer.length);
        if (larger.length <= BYTES_KEPT && !Thread.currentThread().isVirtual()) {
            KEPT.set(larger);
        }
        return larger;
    }
}

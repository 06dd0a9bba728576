package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TarReaderTest {
    private static final int BLOCK = 512;

    /** A head as PostgreSQL writes it, then content and padding. */
    private static byte[] entry(String name, char type, byte[] content) {
        byte[] head = new byte[BLOCK];
        put(head, 0, name);
        put(head, 100, "0000600");
        put(head, 108, "0000123");
        put(head, 116, "0000124");
        put(head, 124, String.format("%011o", content.length));
        put(head, 136, "14000000000");
        head[156] = (byte) type;
        put(head, 257, "ustar");
        long sum = 8L * ' ';
        for (byte b : head) {
            sum += b & 0xff;
        }
        put(head, 148, String.format("%06o", sum) + "\0 ");
        byte[] all = java.util.Arrays.copyOf(head, BLOCK + (content.length + BLOCK - 1) / BLOCK * BLOCK);
        System.arraycopy(content, 0, all, BLOCK, content.length);
        return all;
    }

    private static void put(byte[] target, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }

    private static byte[] archive() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(entry("base/", '5', new byte[0]));
        bytes.write(entry("./base/1", '0', "hello".getBytes(StandardCharsets.UTF_8)));
        bytes.write(entry("base/2", '0', new byte[2 * BLOCK]));
        bytes.write(new byte[2 * BLOCK]);
        return bytes.toByteArray();
    }

    @Test
    void archive_ofEntries_isTakenApart() throws IOException {
        var tar = new TarReader(new ByteArrayInputStream(archive()));
        TarReader.Entry directory = tar.next().orElseThrow();
        assertEquals("base", directory.name());
        assertEquals(TarReader.Kind.DIRECTORY, directory.kind());
        TarReader.Entry file = tar.next().orElseThrow();
        assertEquals("base/1", file.name());
        assertEquals(0600, file.permissions());
        assertEquals(83, file.uid());
        assertArrayEquals(
                "hello".getBytes(StandardCharsets.UTF_8), tar.content().readAllBytes());
        assertEquals(2 * BLOCK, tar.next().orElseThrow().size());
        assertTrue(tar.next().isEmpty());
    }

    @Test
    void name_thatLeadsElsewhere_isRefused() {
        for (String name : new String[] {"../etc/passwd", "base/../../x", "/etc/passwd"}) {
            var tar = new TarReader(new ByteArrayInputStream(entry(name, '0', new byte[0])));
            assertThrows(IOException.class, tar::next, name);
        }
    }

    @Test
    void archive_thatIsCutOff_fails() throws IOException {
        byte[] whole = archive();
        for (int length = 1; length < 2 * BLOCK + 5; length += 100) {
            var tar = new TarReader(new ByteArrayInputStream(whole, 0, length));
            assertThrows(IOException.class, () -> {
                while (tar.next().isPresent()) {
                    tar.content().readAllBytes();
                }
                throw new IOException("ended where the archive does");
            });
        }
    }

    @Test
    void noise_isRefusedOrRead_andNothingElse() throws IOException {
        var random = new SplittableRandom(4);
        byte[] whole = archive();
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] noise = whole.clone();
            noise[random.nextInt(noise.length)] ^= (byte) (1 << random.nextInt(8));
            var tar = new TarReader(new ByteArrayInputStream(noise));
            try {
                while (tar.next().isPresent()) {
                    tar.content().readAllBytes();
                }
            } catch (IOException expected) {
                refused++;
            }
        }
        assertTrue(refused > 500, "flips in heads are noticed: " + refused);
    }
}

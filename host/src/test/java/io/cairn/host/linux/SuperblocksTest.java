package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.Contents;
import io.cairn.testkit.Property;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SuperblocksTest {
    private static final int BYTES = Superblocks.DECIDING_BYTES;

    @Test
    void zeros_areEmpty() {
        assertEquals(new Contents.Empty(), Superblocks.recognise(new byte[BYTES], new byte[BYTES]));
        assertEquals(new Contents.Empty(), Superblocks.recognise(new byte[0], new byte[0]));
    }

    @Test
    void oneByte_anywhereThatDecides_isNotEmpty() {
        Property.holds(100, random -> {
            byte[] start = new byte[BYTES];
            byte[] end = new byte[BYTES];
            int at = random.nextInt(BYTES);
            (random.nextBoolean() ? start : end)[at] = (byte) random.nextInt(1, 256);
            var unknown = assertInstanceOf(Contents.Unknown.class, Superblocks.recognise(start, end));
            assertTrue(unknown.description().contains("byte " + at), unknown.description());
        });
    }

    @Test
    void others_byTheirMarks_areNamed() {
        marked(510, "\u0055\u00aa", "a partition table (MBR)", 446 + 4);
        marked(512, "EFI PART", "a partition table (GPT)", 0);
        marked(65600, "_BHRfS_M", "a btrfs filesystem", 0);
        marked(4086, "SWAPSPACE2", "swap space", 0);
        marked(512, "LABELONE", "an LVM physical volume", 0);
        marked(4096, "\u00fcN+\u00a9", "a member of a RAID array", 0);
    }

    private static void marked(int at, String mark, String holder, int alsoAt) {
        byte[] start = new byte[BYTES];
        start[alsoAt] |= alsoAt > 0 ? 0x83 : 0;
        byte[] bytes = mark.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, start, at, bytes.length);
        assertEquals(new Contents.Other(holder), Superblocks.recognise(start, new byte[BYTES]));
    }

    @Test
    void luks_ofBothVersions_isRecognised() {
        for (int version = 1; version <= 2; version++) {
            byte[] start = new byte[BYTES];
            System.arraycopy(
                    new byte[] {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe, 0, (byte) version}, 0, start, 0, 8);
            byte[] uuid = "3f2a".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(uuid, 0, start, 168, uuid.length);
            assertEquals(new Contents.Luks(version, "3f2a"), Superblocks.recognise(start, new byte[BYTES]));
        }
    }

    /** A fresh LUKS container reads as noise: it must not be taken for somebody's filesystem. */
    @Test
    void noise_isUnknown() {
        Property.holds(200, random -> {
            byte[] noise = new byte[70_000];
            random.nextBytes(noise);
            // The marks that are short enough to come by chance, placed on purpose.
            noise[510] = 0x55;
            noise[511] = (byte) 0xaa;
            noise[446] |= 1;
            assertInstanceOf(Contents.Unknown.class, Superblocks.recognise(noise, noise));
        });
    }

    @Test
    void bytes_cutAnywhere_giveAnAnswer() {
        Property.holds(500, random -> {
            byte[] start = new byte[random.nextInt(2000)];
            random.nextBytes(start);
            String[] marks = {"XFSB", "LUKS\u00ba\u00be", "hsqs", ""};
            byte[] mark = marks[random.nextInt(marks.length)].getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(mark, 0, start, 0, Math.min(mark.length, start.length));
            if (start.length > 1082) {
                start[1080] = 0x53;
                start[1081] = (byte) 0xEF;
            }
            Contents contents = Superblocks.recognise(start, start);
            assertTrue(start.length == 0 || !contents.equals(new Contents.Empty()) || allZero(start));
        });
    }

    private static boolean allZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}

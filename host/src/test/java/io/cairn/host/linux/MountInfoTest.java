package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.DeviceNumber;
import io.cairn.host.MountEntry;
import io.cairn.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MountInfoTest {
    private static final String LINE =
            "36 35 98:0 /mnt1 /mnt2 rw,noatime shared:7 master:1 - ext4 /dev/root rw,errors=continue";

    @Test
    void line_ofTheManual_isRead() {
        MountEntry entry = MountInfo.parse(LINE + "\n").getFirst();
        assertEquals(
                new MountEntry(
                        36,
                        35,
                        new DeviceNumber(98, 0),
                        "/mnt1",
                        Path.of("/mnt2"),
                        List.of("rw", "noatime"),
                        List.of("shared:7", "master:1"),
                        "ext4",
                        "/dev/root",
                        List.of("rw", "errors=continue")),
                entry);
        assertTrue(entry.shared());
    }

    @Test
    void line_withoutTags_isRead() {
        MountEntry entry = MountInfo.parse("1 0 0:2 / / rw - rootfs none rw").getFirst();
        assertEquals(List.of(), entry.tags());
        assertFalse(entry.shared());
    }

    @Test
    void line_withAnEmptySource_isRead() {
        MountEntry entry =
                MountInfo.parse("1 0 0:2 / /mnt rw - tmpfs  rw,size=1k").getFirst();
        assertEquals("", entry.source());
        assertEquals(List.of("rw", "size=1k"), entry.superOptions());
    }

    @Test
    void escapes_inNames_areUndone() {
        String utf8 = new String("/m\u00fcll".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String line = "1 0 7:1 / /a\\040b\\011c\\012d\\134e\\043f rw - ext4 /dev/my\\040disk" + utf8 + " rw";
        MountEntry entry = MountInfo.parse(line).getFirst();
        assertEquals("/dev/my disk/m\u00fcll", entry.source());
        assertEquals("/a b\tc\nd\\e#f", entry.target().toString());
    }

    /** Whether Java can say a name depends on the locale; whether the table can be read must not. */
    @Test
    void names_thatAreNoText_doNotStandInTheWay() {
        MountEntry entry =
                MountInfo.parse("1 0 7:1 / /\u00ff\\000\u00fc rw - ext4 x rw").getFirst();
        assertEquals(new DeviceNumber(7, 1), entry.device());
        assertTrue(entry.target().toString().startsWith("/"), entry.toString());
    }

    @Test
    void escapes_thatAreNone_stay() {
        for (String text : List.of("\\", "\\0", "\\04", "\\08", "\\999", "a\\", "\\777")) {
            assertEquals(text, MountInfo.unescape(text));
        }
    }

    @Test
    void names_ofAnyBytes_comeBack() {
        Property.holds(300, random -> {
            StringBuilder escaped = new StringBuilder();
            StringBuilder plain = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                char c = (char) random.nextInt(1, 128);
                plain.append(c);
                escaped.append(" \t\n\\#".indexOf(c) >= 0 || random.nextInt(5) == 0 ? "\\%03o".formatted((int) c) : c);
            }
            assertEquals(plain.toString(), MountInfo.unescape(escaped.toString()));
        });
    }

    @Test
    void lines_thatAreNone_areNamed() {
        for (String line : List.of("", "x", "1 2 3 4 5 6 7", "a 0 7:0 / / rw - t s o", "1 0 7 / / rw - t s o")) {
            assertThrows(IllegalArgumentException.class, () -> MountInfo.parse(line + "\n"), line);
        }
        var failure = assertThrows(IllegalArgumentException.class, () -> MountInfo.parse("1 2 nonsense\n"));
        assertTrue(failure.getMessage().contains("1 2 nonsense"), failure.getMessage());
    }

    /** Whatever is read, the parser answers or says that the text is malformed. */
    @Test
    void text_ofDamagedLines_isReadOrRefused() {
        Property.holds(2000, random -> {
            String text = damaged(random);
            try {
                assertTrue(MountInfo.parse(text).size() <= text.lines().count());
            } catch (IllegalArgumentException malformed) {
                assertFalse(String.valueOf(malformed.getMessage()).isEmpty());
            }
            assertTrue(MountInfo.devices(text, Set.of("1")).size() <= text.split("\n", -1).length);
        });
    }

    private static String damaged(SplittableRandom random) {
        StringBuilder text = new StringBuilder(LINE + "\n" + LINE + "\n");
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 9)));
                default -> text.insert(at, " \\:-\n/0".charAt(random.nextInt(7)));
            }
            if (text.isEmpty()) {
                return "";
            }
        }
        return text.toString();
    }

    @Test
    void devices_ofATable_areTheirNumbersAlone() {
        assertEquals(
                Set.of(new DeviceNumber(98, 0), new DeviceNumber(7, 3)),
                MountInfo.devices(LINE + "\nnonsense\n1 2 7:3 the rest does not matter\n1 2 x:y z\n", Set.of()));
    }

    @Test
    void devices_thatCameByPropagation_areLeftOut() {
        String ours =
                "20 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n90 20 7:3 / /mnt/v rw shared:44 - ext4 /dev/loop3 rw\n";
        String service = "420 400 8:1 / / rw master:1 - ext4 /dev/sda1 rw\n"
                + "490 420 7:3 / /mnt/v rw master:44 - ext4 /dev/loop3 rw\n";
        String container = "520 500 0:50 / / rw - overlay overlay rw\n"
                + "590 520 7:3 /data /data rw master:44 - ext4 /dev/loop3 rw\n";
        String other = "620 600 8:1 / / rw shared:9 - ext4 /dev/sda1 rw\n"
                + "690 620 7:3 / /mnt/v rw shared:10 - ext4 /dev/loop3 rw\n";
        Set<String> groups = MountInfo.sendingGroups(ours);
        assertEquals(Set.of("1", "44"), groups);
        DeviceNumber volume = new DeviceNumber(7, 3);
        assertFalse(MountInfo.devices(service, groups).contains(volume), "goes with our own unmount");
        assertTrue(MountInfo.devices(container, groups).contains(volume), "a container has it");
        assertTrue(MountInfo.devices(other, groups).contains(volume), "another peer group");
        String alone = ours.replace("shared:1 ", "").replace("shared:44 ", "");
        assertTrue(MountInfo.devices(service, MountInfo.sendingGroups(alone)).contains(volume), "we send nothing");
    }

    @Test
    void at_aTarget_isWhatTheWholeTableSays() {
        String text = """
                22 1 8:1 / / rw - ext4 /dev/sda1 rw
                30 22 7:1 / /srv/a\\040b rw shared:3 - ext4 /dev/loop1 rw
                31 22 7:2 / /srv/plain rw - xfs /dev/loop2 rw
                32 31 7:3 / /srv/plain rw - ext4 /dev/loop3 rw
                33 22 7:4 / /srv/\u00c3\u00bc rw - ext4 /dev/loop4 rw
                34
                """;
        String whole = text.replace("34\n", "");
        for (String target : List.of("/", "/srv/a b", "/srv/plain", "/srv/\u00fc", "/srv", "/dev/loop1")) {
            assertEquals(
                    MountInfo.parse(whole).stream()
                            .filter(entry -> entry.target().equals(Path.of(target)))
                            .reduce((_, later) -> later),
                    MountInfo.at(text, Path.of(target)),
                    target);
        }
        assertEquals(
                7,
                MountInfo.at(text, Path.of("/srv/plain")).orElseThrow().device().major());
        assertEquals(
                3,
                MountInfo.at(text, Path.of("/srv/plain")).orElseThrow().device().minor());
    }
}

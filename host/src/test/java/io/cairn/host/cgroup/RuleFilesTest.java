package io.cairn.host.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Limits;
import io.cairn.testkit.Property;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the kernel prints, and what it could not have printed. */
final class RuleFilesTest {
    private static final DeviceNumber LOOP = new DeviceNumber(7, 0);

    @Test
    void ioMax_asTheKernelPrintsIt_isReadBack() {
        String text = "7:0 rbps=max wbps=1048576 riops=200 wiops=max\n254:16 rbps=max wbps=max riops=max wiops=max\n";
        Limits limits =
                new Limits(OptionalLong.of(200), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(1048576));
        assertEquals(Map.of(LOOP, limits), IoMaxFile.parse(text));
    }

    @Test
    void blkio_asTheKernelPrintsIt_isReadBack() {
        assertEquals(Map.of(LOOP, 500L, new DeviceNumber(254, 3), 7L), BlkioFiles.lines("7:0 500\n254:3 7\n"));
    }

    @Test
    void operations_thatWereServed_areThoseOfTheDevice() {
        String text = "7:10 Total 9\n7:1 Read 3\n7:1 Write 4\n7:1 Total 7\nTotal 16\n";
        assertEquals(7, BlkioFiles.served(text, new DeviceNumber(7, 1)));
        assertEquals(0, BlkioFiles.served(text, LOOP));
        assertEquals(0, BlkioFiles.served("7:0 Total x\n", LOOP));
    }

    @Test
    void anyText_isReadWithoutAFault() {
        String[] samples = {"7:0 rbps=max wbps=1048576 riops=200 wiops=max\n", "7:0 500\n254:3 7\nTotal 12\n"};
        Property.holds(3000, random -> {
            StringBuilder text = new StringBuilder(samples[random.nextInt(samples.length)]);
            for (int i = random.nextInt(6); i > 0; i--) {
                text.setCharAt(random.nextInt(text.length()), "07:= \nmax-9\u00ff".charAt(random.nextInt(12)));
            }
            assertTrue(IoMaxFile.parse(text.toString()).size() <= 2);
            assertTrue(BlkioFiles.lines(text.toString()).size() <= 3);
            Namespaces.blkioGroup(text.toString());
            BlkioFiles.served(text.toString(), LOOP);
        });
    }

    @Test
    void blkioGroup_ofAProcess_isThatOfTheRightHierarchy() {
        String text = "12:pids:/a\n7:blkio:/docker/4f\n1:name=systemd:/b\n0::/c\n";
        assertEquals(Optional.of("/docker/4f"), Namespaces.blkioGroup(text));
        assertEquals(Optional.of("/x:y"), Namespaces.blkioGroup("3:cpu,blkio:/x:y\n"));
        assertEquals(Optional.empty(), Namespaces.blkioGroup("0::/c\n"));
    }

    @Test
    void limits_divided_neverBecomeNone() {
        Limits limits =
                new Limits(OptionalLong.of(500), OptionalLong.of(2), OptionalLong.empty(), OptionalLong.of(1 << 20));
        assertEquals(
                new Limits(OptionalLong.of(166), OptionalLong.of(1), OptionalLong.empty(), OptionalLong.of(349525)),
                limits.dividedBy(3));
        assertEquals(limits, limits.dividedBy(1));
    }
}

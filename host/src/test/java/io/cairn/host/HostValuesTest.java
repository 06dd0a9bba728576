package io.cairn.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.testkit.Property;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostValuesTest {
    @Test
    void deviceNumber_throughItsFormsAndBack_isTheSame() {
        Property.holds(500, random -> {
            var number = new DeviceNumber(random.nextInt(1 << 12), random.nextInt(1 << 20));
            assertEquals(number, DeviceNumber.ofDev(number.dev()));
            assertEquals(number, DeviceNumber.parse(number + "\n"));
        });
        assertEquals(new DeviceNumber(7, 0), DeviceNumber.ofDev(0x700));
        assertEquals(new DeviceNumber(259, 300), DeviceNumber.ofDev(0x11032CL));
    }

    @Test
    void deviceNumber_ofOtherText_isRefused() {
        for (String text : List.of("", "7", "7:", ":0", "-1:0", "7:0:0", "a:b", "9999999999:1")) {
            assertThrows(IllegalArgumentException.class, () -> DeviceNumber.parse(text), text);
        }
    }

    @Test
    void errno_hasItsName() {
        assertEquals("ENOSPC", Errno.ENOSPC.name());
        assertEquals("EOPNOTSUPP", new Errno(95).toString());
        assertEquals("EUCLEAN", new Errno(117).name());
        assertEquals("ERFKILL", new Errno(132).name());
        assertEquals("errno 41", new Errno(41).name());
        assertEquals("errno 4095", new Errno(4095).name());
        assertEquals(
                "mount x failed: EBUSY; try later", new HostFault("mount", "x", Errno.EBUSY, "try later").getMessage());
    }

    @Test
    void mountOptions_fromAList_areFlagsAndWords() {
        var options = MountOptions.parse("defaults,noatime, nodiratime,discard,largeio,ro,rw,,sync");
        assertEquals(
                Set.of(MountFlag.NO_ACCESS_TIME, MountFlag.NO_DIRECTORY_ACCESS_TIME, MountFlag.SYNCHRONOUS),
                options.flags());
        assertEquals("discard,largeio", options.data());
        assertEquals(MountOptions.DEFAULTS, MountOptions.parse("defaults"));
        assertEquals(MountOptions.DEFAULTS, MountOptions.parse(""));
    }

    @Test
    void mountOptions_withAWordOfTwo_areRefused() {
        for (String word : List.of("", "a,b", "a\nb", "a\u0000")) {
            assertThrows(IllegalArgumentException.class, () -> new MountOptions(Set.of(), List.of(word)));
        }
    }

    @Test
    void limits_thatAreNotPositive_areRefused() {
        OptionalLong none = OptionalLong.empty();
        assertThrows(IllegalArgumentException.class, () -> new Limits(OptionalLong.of(0), none, none, none));
        assertThrows(IllegalArgumentException.class, () -> new Limits(none, none, none, OptionalLong.of(-1)));
    }

    @Test
    void key_printed_isNotThere() {
        try (var key = new KeyMaterial(new byte[] {65, 66, 67})) {
            assertEquals("key of 3 bytes", key.toString());
        }
    }
}

package io.cairn.volumes.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VolumeRequestTest {
    private static final VolumesConfig CONFIG = VolumesConfig.shipped(Path.of("/pool"));

    private static VolumeSpec read(Map<String, String> options) {
        return VolumeRequest.read(options, CONFIG, Optional.empty()).spec();
    }

    private static String refused(Map<String, String> options) {
        return assertThrows(IllegalArgumentException.class, () -> read(options)).getMessage();
    }

    @Test
    void nothing_given_isTheDefaultClass() {
        VolumeSpec spec = read(Map.of());
        assertEquals("hot", spec.storageClass());
        assertEquals(
                new VolumeSource.Image(ByteCount.gibibytes(10), FilesystemKind.EXT4, false, Cipher.NONE),
                spec.source());
        assertEquals(List.of("nosuid", "nodev", "discard"), spec.mountOptions());
    }

    @Test
    void class_alone_isEnough() {
        VolumeSpec spec = read(Map.of("class", "database"));
        assertEquals(Profile.DATABASE, spec.profile());
        assertEquals("daily", spec.backup());
        assertTrue(spec.mountOptions().containsAll(List.of("noatime", "nodiratime", "logbsize=256k")));
    }

    @ParameterizedTest
    @CsvSource({
        "10G, 10737418240",
        "512MiB, 536870912",
        "1T, 1099511627776",
        "1000000001, 1000001536",
        "1.5G, 1610612736",
        "67108864, 67108864"
    })
    void size_inEachForm_isExactInBlocks(String text, long bytes) {
        assertEquals(bytes, read(Map.of("size", text)).size().bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size|-1|not a size",
                "size|0|not between",
                "size|99999999999999999999999|not a size",
                "size|1E|not between",
                "size|9E|too large",
                "size|10 apples|not a size",
                "size|1M|too small for ext4",
                "fs|ext5|did you mean 'ext4'",
                "fs|zfs|xfs",
                "class|databse|did you mean 'database'",
                "profile|wall|did you mean 'wal'",
                "encrypted|maybe|true or false",
                "iops|0|whole number",
                "iops|-5|whole number",
                "iops|1e3|whole number",
                "iops|99999999999|whole number",
                "read-bps|1|4.0 KiB",
                "mount|nobarrier|synced data",
                "mount|suid|set-user-id",
                "mount|bind|type=none",
                "mount|noatme|did you mean 'noatime'",
                "o|noatime|needs type=",
                "device|/dev/sda|needs type=",
                "from|../x|not a volume name",
                "from|a@../x|not a snapshot name",
                "limits|soft|direct",
            })
    void value_thatCannotBe_isRefusedWithTheReason(String option, String value, String reason) {
        String message = refused(Map.of(option, value));
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @CsvSource({
        "siez, size",
        "iop, iops",
        "encrypt, encrypted",
        "Size, size",
        "read_iops, read-iops",
        "mountopts, mount",
        "formt, format"
    })
    void option_unknown_isRefusedWithTheNearest(String option, String nearest) {
        String message = refused(Map.of(option, "1"));
        assertTrue(message.contains("did you mean '" + nearest + "'?"), message);
    }

    @Test
    void option_hugeAndUnknown_isRefusedShortly() {
        String message = refused(Map.of("x".repeat(1_000_000), "1"));
        assertTrue(message.length() < 1000, message);
    }

    @Test
    void value_huge_isRefusedShortly() {
        assertTrue(refused(Map.of("size", "9".repeat(1_000_000))).length() < 1000);
    }

    @Test
    void iops_aboveAThousand_turnAccessTimesOff() {
        assertFalse(read(Map.of("iops", "1000")).mountOptions().contains("noatime"));
        assertTrue(read(Map.of("iops", "1001")).mountOptions().containsAll(List.of("noatime", "nodiratime")));
        assertTrue(read(Map.of("write-iops", "5000")).mountOptions().contains("noatime"));
    }

    @Test
    void iops_besideOneOfItsWays_standForTheOther() {
        VolumeSpec spec = read(Map.of("iops", "500", "read-iops", "900"));
        assertEquals(OptionalLong.of(900), spec.limits().readIops());
        assertEquals(OptionalLong.of(500), spec.limits().writeIops());
    }

    @Test
    void xfs_aboveAHundredGibibytes_isMountedForLargeIo() {
        assertFalse(read(Map.of("fs", "xfs", "size", "100G")).mountOptions().contains("largeio"));
        assertTrue(read(Map.of("fs", "xfs", "size", "101G")).mountOptions().contains("largeio"));
        assertFalse(read(Map.of("fs", "ext4", "size", "101G")).mountOptions().contains("largeio"));
    }

    @Test
    void mount_given_winsOverTheRules() {
        List<String> words = read(Map.of("iops", "2000", "mount", "atime,ro")).mountOptions();
        assertTrue(words.indexOf("atime") > words.indexOf("noatime"), words.toString());
    }

    @Test
    void thick_isNeverDiscarded() {
        assertTrue(read(Map.of("thick", "true")).mountOptions().contains("nodiscard"));
        assertTrue(refused(Map.of("thick", "true", "mount", "discard")).contains("thick"));
        assertTrue(refused(Map.of("thick", "true", "thin", "true")).contains("contradict"));
    }

    @Test
    void device_inDockersSpelling_isMountedAsItIs() {
        VolumeRequest request = VolumeRequest.read(
                Map.of("type", "ext4", "device", "/dev/disk/by-label/orders", "o", "defaults,noatime,sync"),
                CONFIG,
                Optional.empty());
        assertEquals(
                new VolumeSource.Device("/dev/disk/by-label/orders", "ext4"),
                request.spec().source());
        assertFalse(request.format());
        assertEquals(
                List.of("nosuid", "nodev", "defaults", "noatime", "sync"),
                request.spec().mountOptions());
    }

    @Test
    void nfs_inDockersSpelling_needsItsServer() {
        VolumeSpec spec = read(Map.of("type", "nfs", "o", "addr=10.0.0.1,rw,vers=4.2", "device", ":/exports/a"));
        assertInstanceOf(VolumeSource.Network.class, spec.source());
        assertTrue(refused(Map.of("type", "nfs", "device", ":/exports/a")).contains("addr="));
        assertTrue(refused(Map.of("type", "nfs", "o", "addr=a", "device", "/exports"))
                .contains("':/path'"));
    }

    @Test
    void bind_andTmpfs_inDockersSpelling() {
        assertEquals(
                new VolumeSource.Bind("/srv/files"),
                read(Map.of("type", "none", "o", "bind,ro", "device", "/srv/files"))
                        .source());
        assertEquals(
                new VolumeSource.Memory(ByteCount.mebibytes(100)),
                read(Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=100m,uid=1000"))
                        .source());
        assertTrue(refused(Map.of("type", "none", "device", "/srv")).contains("o=bind"));
        assertTrue(refused(Map.of("type", "none", "o", "bind", "device", "/srv/../etc"))
                .contains("'..'"));
        assertTrue(refused(Map.of("type", "none", "o", "bind", "device", "/srv", "iops", "5"))
                .contains("block device"));
    }

    @Test
    void type_withWhatMakesImages_isRefused() {
        assertTrue(refused(Map.of("type", "ext4", "device", "/dev/sdb", "size", "1G"))
                .contains("size"));
        assertTrue(refused(Map.of("type", "ext4", "device", "/dev/sdb", "encrypted", "true"))
                .contains("encrypted"));
        assertTrue(refused(Map.of("type", "ext4", "device", "/tmp/file")).contains("/dev"));
        assertTrue(refused(Map.of("type", "cifs", "device", "//a/b")).contains("unknown type"));
        assertTrue(refused(Map.of("type", "btrfs", "device", "/dev/sdb", "format", "true"))
                .contains("format"));
    }

    @Test
    void clone_takesAfterItsOriginal() {
        VolumeSpec original = read(Map.of("size", "1G", "fs", "xfs", "encrypted", "true"));
        VolumeRequest request = VolumeRequest.read(Map.of("from", "a@b", "size", "2G"), CONFIG, Optional.of(original));
        assertEquals(
                new VolumeSource.Image(ByteCount.gibibytes(2), FilesystemKind.XFS, false, Cipher.LUKS2),
                request.spec().source());
        assertEquals(
                new CloneSource(new VolumeName("a"), Optional.of(new SnapshotName("b"))),
                request.from().orElseThrow());
        for (var unfit : List.of(Map.of("size", "512M"), Map.of("fs", "ext4"), Map.of("encrypted", "false"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> VolumeRequest.read(unfit, CONFIG, Optional.of(original)),
                    unfit.toString());
        }
    }

    @Test
    void scratch_isMemory() {
        assertEquals(
                new VolumeSource.Memory(ByteCount.gibibytes(1)),
                read(Map.of("class", "scratch")).source());
        assertTrue(refused(Map.of("profile", "scratch", "encrypted", "true")).contains("memory"));
    }

    @ParameterizedTest
    @CsvSource({"a", "A0_.-z", "0"})
    void name_inTheForm_isTaken(String name) {
        assertEquals(name, new VolumeName(name).text());
    }

    @Test
    void name_ofAnotherForm_isRefusedPrintably() {
        for (String name : List.of("", "a/b", "../x", "a b", ".a", "-a", "ä", "a\n", "a".repeat(129), "\u0007")) {
            String message = assertThrows(IllegalArgumentException.class, () -> new VolumeName(name))
                    .getMessage();
            assertTrue(message.chars().noneMatch(c -> c < ' '), message);
        }
    }
}

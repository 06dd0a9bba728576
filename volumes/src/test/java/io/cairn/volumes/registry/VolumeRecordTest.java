package io.cairn.volumes.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.testkit.Property;
import io.cairn.volumes.keys.ProviderKind;
import io.cairn.volumes.keys.WrappedKey;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import io.cairn.volumes.spec.VolumeRequest;
import io.cairn.volumes.spec.VolumeSpec;
import io.cairn.volumes.spec.VolumesConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VolumeRecordTest {
    private static final VolumesConfig CONFIG = VolumesConfig.shipped(Path.of("/pool"));
    private static final WrappedKey KEY = new WrappedKey(ProviderKind.FILE, "k1", "AAAA");

    private static VolumeSpec spec(Map<String, String> options) {
        return VolumeRequest.read(options, CONFIG, Optional.empty()).spec();
    }

    private static VolumeRecord full() {
        VolumeRecord record = VolumeRecord.creating(
                        new VolumeId("0123456789abcdef0123456789abcdef"),
                        new VolumeName("orders"),
                        Instant.parse("2026-11-22T15:08:00Z"),
                        spec(Map.of("size", "1G", "iops", "500", "encrypted", "true")),
                        Optional.of(KEY))
                .with(Phase.READY);
        var snapshot = new SnapshotRecord(
                new VolumeId("f123456789abcdef0123456789abcdef"),
                new SnapshotName("before"),
                Instant.parse("2026-11-22T16:00:00.5Z"),
                SnapshotRecord.Phase.READY,
                ByteCount.gibibytes(1),
                true,
                4,
                null,
                KEY);
        return record.with(
                        record.mounting().attaching().held(new HolderId("c7")).held(new HolderId("c7")))
                .with(record.debts().withRollback(snapshot.id()).withReserve(true))
                .with(record.theKeys().withPending(KEY))
                .plus(snapshot)
                .withBackup(Instant.parse("2026-11-22T17:00:00Z"));
    }

    @Test
    void record_ofEachKind_readsBack() {
        for (var options : List.of(
                Map.<String, String>of(),
                Map.of("class", "scratch"),
                Map.of("type", "ext4", "device", "/dev/sdb"),
                Map.of("type", "nfs", "device", ":/a", "o", "addr=b"),
                Map.of("type", "none", "o", "bind", "device", "/srv"))) {
            VolumeRecord record = VolumeRecord.creating(
                    new VolumeId("0123456789abcdef0123456789abcdef"),
                    new VolumeName("a"),
                    Instant.EPOCH,
                    spec(options),
                    Optional.empty());
            assertEquals(record, VolumeRecord.decode(record.encode()), options.toString());
        }
        assertEquals(full(), VolumeRecord.decode(full().encode()));
    }

    /** The format page says what is written; this is what is written. */
    @Test
    void record_encoded_isAsTheFormatSays() {
        String text = new String(full().encode(), StandardCharsets.UTF_8);
        for (String member : List.of(
                "\"format\" : 1",
                "\"phase\" : \"ready\"",
                "\"kind\" : \"image\"",
                "\"size\" : 1073741824",
                "\"cipher\" : \"LUKS2\"",
                "\"readIops\" : 500",
                "\"readBytes\" : null",
                "\"limitsMode\" : \"TOTAL\"",
                "\"attached\" : true",
                "\"clean\" : false",
                "\"c7\" : 2",
                "\"grown\" : 1073741824",
                "\"rollback\" : \"f123456789abcdef0123456789abcdef\"",
                "\"provider\" : \"file\"",
                "\"frozenMillis\" : 4",
                "\"lastBackup\" : \"2026-11-22T17:00:00Z\"")) {
            assertTrue(text.contains(member), member + " in " + text);
        }
        assertTrue(text.matches("(?s)\\{\\s+\"format\" : 1,.*,\\s+\"crc32c\" : \"[0-9a-f]{8}\"\\s+}\\s+"), text);
    }

    @Test
    void record_withAnyByteChanged_isRefused() {
        byte[] bytes = full().encode();
        Property.holds(300, random -> {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            assertThrows(IllegalArgumentException.class, () -> VolumeRecord.decode(damaged));
        });
    }

    @Test
    void record_cutShort_isRefused() {
        byte[] bytes = full().encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> VolumeRecord.decode(cut));
        }
    }

    @Test
    void record_ofALaterFormat_isRefusedByItsNumber() {
        String text = new String(full().encode(), StandardCharsets.UTF_8).replace("\"format\" : 1", "\"format\" : 2");
        int last = text.lastIndexOf("\"crc32c\"");
        var crc = new java.util.zip.CRC32C();
        crc.update(text.substring(0, last).getBytes(StandardCharsets.UTF_8));
        String whole = text.substring(0, last) + "\"crc32c\" : \"%08x\"\n}\n".formatted(crc.getValue());
        var refused = assertThrows(
                IllegalArgumentException.class, () -> VolumeRecord.decode(whole.getBytes(StandardCharsets.UTF_8)));
        assertTrue(String.valueOf(refused.getMessage()).contains("format 2"), refused.toString());
    }
}

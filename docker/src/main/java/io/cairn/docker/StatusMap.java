package io.cairn.docker;

import io.cairn.host.Limits;
import io.cairn.host.Usage;
import io.cairn.volumes.VolumeStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What {@code docker volume inspect} shows of a volume; sizes in bytes. The keys are API. Stateless. */
final class StatusMap {
    private StatusMap() {}

    static Map<String, Object> of(VolumeStatus status) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("size", status.volume().size().bytes());
        map.put("allocated", status.allocated().bytes());
        status.usage().ifPresent(usage -> put(map, usage));
        map.put("thick", status.thick());
        map.put("filesystem", status.filesystem());
        map.put("mountOptions", status.mountOptions());
        map.put("limits", limits(status.limits()));
        map.put("enforcement", status.enforcement());
        map.put("encryption", status.encryption());
        map.put("class", status.volume().storageClass());
        map.put("tier", status.volume().tier());
        map.put("mounted", status.volume().mounted());
        map.put("holders", status.holders());
        map.put("snapshots", status.snapshots());
        map.put("lastSnapshot", time(status.lastSnapshot()));
        map.put("lastBackup", time(status.lastBackup()));
        map.put("backupPolicy", status.backupPolicy());
        map.put("warnings", status.warnings());
        return map;
    }

    private static void put(Map<String, Object> map, Usage usage) {
        map.put("used", usage.used().bytes());
        map.put("available", usage.available().bytes());
        map.put("inodes", usage.inodes());
        map.put("inodesFree", usage.inodesFree());
    }

    private static Map<String, Object> limits(Limits limits) {
        Map<String, Object> map = new LinkedHashMap<>();
        put(map, "readIops", limits.readIops());
        put(map, "writeIops", limits.writeIops());
        put(map, "readBytesPerSecond", limits.readBytes());
        put(map, "writeBytesPerSecond", limits.writeBytes());
        return map;
    }

    private static void put(Map<String, Object> map, String key, OptionalLong limit) {
        limit.ifPresent(value -> map.put(key, value));
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("never");
    }
}

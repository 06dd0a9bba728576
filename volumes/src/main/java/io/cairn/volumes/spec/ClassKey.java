package io.cairn.volumes.spec;

import io.cairn.host.FilesystemKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The keys of a storage class in the configuration file, with their sentences. */
enum ClassKey {
    TIER("tier", "how fast its media are meant to be: a word that status and policies show"),
    POOL("pool", "the pool that its images lie in"),
    SIZE("size", "the size of a volume that is created without one"),
    FS("fs", "the filesystem: ext4 or xfs"),
    THICK("thick", "whether all room is reserved at creation"),
    ENCRYPTED("encrypted", "whether volumes are encrypted"),
    ALLOW_FSCRYPT("allow-fscrypt", "whether ext4's own encryption may stand in where there is no device-mapper"),
    IOPS("iops", "reads per second and writes per second"),
    READ_IOPS("read-iops", "reads per second"),
    WRITE_IOPS("write-iops", "writes per second"),
    READ_BPS("read-bps", "bytes read per second"),
    WRITE_BPS("write-bps", "bytes written per second"),
    LIMITS("limits", "total, or direct where limits on direct I/O alone are enough"),
    PROFILE("profile", "what it is for: general, database, wal, media or scratch"),
    BACKUP("backup", "the name of the backup policy, or none");

    private final String word;
    private final String sentence;

    ClassKey(String word, String sentence) {
        this.word = word;
        this.sentence = sentence;
    }

    String word() {
        return word;
    }

    String sentence() {
        return sentence;
    }

    /** The class with these keys changed. */
    static StorageClass apply(StorageClass base, String place, Map<String, String> keys) {
        List<String> known = Arrays.stream(values()).map(ClassKey::word).toList();
        for (String key : keys.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(place + " has the unknown key " + Quoted.of(key)
                        + Words.suggestion(key, known) + "; known are " + String.join(", ", known));
            }
        }
        try {
            return changed(base, keys);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(place + " " + refused.getMessage(), refused);
        }
    }

    private static StorageClass changed(StorageClass base, Map<String, String> keys) {
        return new StorageClass(
                base.name(),
                keys.getOrDefault(TIER.word, base.tier()),
                keys.getOrDefault(POOL.word, base.pool()),
                keys.containsKey(SIZE.word) ? Sizes.volume(keys.get(SIZE.word)) : base.size(),
                keys.containsKey(FS.word)
                        ? Words.one("filesystem", keys.get(FS.word), FilesystemKind::type, FilesystemKind.values())
                        : base.filesystem(),
                truth(keys, THICK, base.thick()),
                truth(keys, ENCRYPTED, base.encrypted()),
                truth(keys, ALLOW_FSCRYPT, base.allowFscrypt()),
                LimitWords.read(keys, base.limits()),
                keys.containsKey(LIMITS.word) ? LimitsMode.of(keys.get(LIMITS.word)) : base.limitsMode(),
                keys.containsKey(PROFILE.word) ? Profile.of(keys.get(PROFILE.word)) : base.profile(),
                keys.getOrDefault(BACKUP.word, base.backup()));
    }

    private static boolean truth(Map<String, String> keys, ClassKey key, boolean otherwise) {
        return keys.containsKey(key.word) ? Words.truth(key.word, keys.get(key.word)) : otherwise;
    }
}

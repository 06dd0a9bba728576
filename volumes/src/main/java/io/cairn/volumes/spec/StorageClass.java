package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Limits;

/**
 * A name for a set of choices, so that {@code class=database} alone is enough to create a volume. Options given beside
 * it win. {@code allowFscrypt} lets ext4's own encryption stand in where the kernel has no device-mapper.
 */
public record StorageClass(
        String name,
        String tier,
        String pool,
        ByteCount size,
        FilesystemKind filesystem,
        boolean thick,
        boolean encrypted,
        boolean allowFscrypt,
        Limits limits,
        LimitsMode limitsMode,
        Profile profile,
        String backup) {
    public StorageClass {
        check("class", name);
        check("tier", tier);
        check("pool", pool);
        check("backup policy", backup);
    }

    private static void check(String what, String word) {
        if (!word.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")) {
            throw new IllegalArgumentException("not the name of a " + what + ": " + Quoted.of(word));
        }
    }

    /** A plain class: ext4, thin, no limits, not encrypted. */
    static StorageClass plain(String name, String tier, ByteCount size) {
        return new StorageClass(
                name,
                tier,
                VolumesConfig.POOL_DEFAULT,
                size,
                FilesystemKind.EXT4,
                false,
                false,
                false,
                Limits.NONE,
                LimitsMode.TOTAL,
                Profile.GENERAL,
                "none");
    }

    StorageClass with(FilesystemKind kind, Profile other, boolean preallocated, String policy) {
        return new StorageClass(
                name, tier, pool, size, kind, preallocated, encrypted, allowFscrypt, limits, limitsMode, other, policy);
    }
}

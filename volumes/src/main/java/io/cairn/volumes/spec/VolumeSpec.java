package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.Limits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume as it was asked for, everything decided: what its options, its class and the rules made of each other.
 * {@code options} are those that were given, to tell the same request from another.
 */
public record VolumeSpec(
        VolumeSource source,
        String storageClass,
        String pool,
        String tier,
        Profile profile,
        Limits limits,
        LimitsMode limitsMode,
        List<String> mountOptions,
        String backup,
        SortedMap<String, String> options) {
    public VolumeSpec {
        mountOptions = List.copyOf(mountOptions);
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    public VolumeSpec withSource(VolumeSource other) {
        return new VolumeSpec(
                other, storageClass, pool, tier, profile, limits, limitsMode, mountOptions, backup, options);
    }

    /** The size of the volume, 0 where it has none of its own. */
    public ByteCount size() {
        return switch (source) {
            case VolumeSource.Image image -> image.size();
            case VolumeSource.Memory memory -> memory.size();
            case VolumeSource.Device _, VolumeSource.Network _, VolumeSource.Bind _ -> ByteCount.of(0);
        };
    }

    public Cipher cipher() {
        return source instanceof VolumeSource.Image image ? image.cipher() : Cipher.NONE;
    }

    /** True when the same request was made with these options. */
    public boolean askedWith(Map<String, String> other) {
        return options.equals(new TreeMap<>(other));
    }
}

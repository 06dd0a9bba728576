package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeName;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A volume as the registry has it, told without asking the host. {@code mountpoint} is where it is, or will be when it
 * is held: it never changes. {@code size} is 0 where the volume has none of its own (bind, NFS).
 */
public record VolumeView(
        VolumeName name,
        VolumeId id,
        Instant created,
        Path mountpoint,
        boolean mounted,
        int holders,
        String kind,
        ByteCount size,
        String storageClass,
        String tier,
        boolean encrypted) {}

package io.cairn.volumes;

import io.cairn.volumes.spec.VolumesConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How {@link Volumes} is set up. {@code state} remembers which pools there are, so that a pool that is not mounted is
 * not taken for an empty one; it must not lie on a pool that may be unmounted. {@code mounts} holds the mountpoints.
 *
 * @param patience how long a call waits for work that may take longer, such as a copy, before it answers BUSY while the
 *     work goes on
 * @param leakAge for how long nobody may have a volume before its references are dropped: longer than any caller's
 *     time-out between a hold and the use of it
 */
public record VolumesOptions(Path state, Path mounts, VolumesConfig config, Duration patience, Duration leakAge) {
    public static final Duration PATIENCE_DEFAULT = Duration.ofSeconds(50);
    public static final Duration LEAK_AGE_DEFAULT = Duration.ofMinutes(3);

    public VolumesOptions {
        state = state.toAbsolutePath().normalize();
        mounts = mounts.toAbsolutePath().normalize();
    }

    public static VolumesOptions of(Path state, Path mounts, VolumesConfig config) {
        return new VolumesOptions(state, mounts, config, PATIENCE_DEFAULT, LEAK_AGE_DEFAULT);
    }
}

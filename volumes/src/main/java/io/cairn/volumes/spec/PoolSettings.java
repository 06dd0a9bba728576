package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import java.nio.file.Path;

/**
 * A pool: a directory for images, and what may be promised on it. {@code overcommit} is how much volumes may be
 * promised in total, as a multiple of the room there is for them; {@code ballast} is kept for an emergency.
 */
public record PoolSettings(String name, Path directory, double overcommit, ByteCount ballast) {
    public static final double OVERCOMMIT_DEFAULT = 1.0;
    public static final ByteCount BALLAST_DEFAULT = ByteCount.mebibytes(256);

    private static final double OVERCOMMIT_MAX = 100;

    public PoolSettings {
        directory = directory.toAbsolutePath().normalize();
        if (!(overcommit > 0 && overcommit <= OVERCOMMIT_MAX)) {
            throw new IllegalArgumentException("over-commit of a pool is above 0 and at most 100, not " + overcommit);
        }
    }

    public static PoolSettings of(String name, Path directory) {
        return new PoolSettings(name, directory, OVERCOMMIT_DEFAULT, BALLAST_DEFAULT);
    }
}

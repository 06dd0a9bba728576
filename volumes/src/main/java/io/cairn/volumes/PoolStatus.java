package io.cairn.volumes;

import io.cairn.base.ByteCount;
import java.nio.file.Path;

/**
 * A pool directory and its promises. {@code committed} is what its volumes and snapshots may grow to; creation is
 * refused above {@code committedMax}. {@code problem} is empty when it can be used.
 */
public record PoolStatus(
        String name,
        Path directory,
        String problem,
        Level level,
        ByteCount size,
        ByteCount available,
        ByteCount committed,
        ByteCount committedMax,
        ByteCount ballast,
        boolean reflinks) {
    /** How near the pool is to running out of room, mildest first. */
    public enum Level {
        /** Everything is well. */
        OK,
        /** Room gets scarce: enlarge the pool or delete something. */
        LOW,
        /** Very little room: writers may soon have to wait. */
        CRITICAL,
        /** The ballast was given up, and writers of thin volumes are held off until there is room again. */
        EXHAUSTED
    }
}

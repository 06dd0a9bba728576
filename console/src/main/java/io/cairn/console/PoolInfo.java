package io.cairn.console;

import io.cairn.volumes.PoolStatus;
import java.util.Locale;

/**
 * A pool as the control API shows it; sizes in bytes.
 *
 * @param problem why it cannot be used, empty when it can
 * @param level {@code ok}, {@code low}, {@code critical} or {@code exhausted}
 * @param committed what its volumes and snapshots may grow to
 * @param committedMax above which nothing more is promised
 */
public record PoolInfo(
        String name,
        String directory,
        String problem,
        String level,
        long size,
        long available,
        long committed,
        long committedMax,
        long ballast,
        boolean reflinks) {
    static PoolInfo of(PoolStatus pool) {
        return new PoolInfo(
                pool.name(),
                pool.directory().toString(),
                pool.problem(),
                pool.level().name().toLowerCase(Locale.ROOT),
                pool.size().bytes(),
                pool.available().bytes(),
                pool.committed().bytes(),
                pool.committedMax().bytes(),
                pool.ballast().bytes(),
                pool.reflinks());
    }
}

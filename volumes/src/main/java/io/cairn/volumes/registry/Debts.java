package io.cairn.volumes.registry;

import io.cairn.base.ByteCount;
import io.cairn.volumes.spec.VolumeId;
import org.jspecify.annotations.Nullable;

/**
 * Work on a volume that was promised and may not be done yet; all of it can be done again. {@code grown}: the size that
 * the filesystem surely has. {@code reserve}: blocks shared with a snapshot must be reserved again. {@code rollback}:
 * the image must become that of this snapshot. {@code reencrypt}: data is being encrypted again.
 */
public record Debts(
        ByteCount grown, boolean reserve, @Nullable VolumeId rollback, boolean reencrypt) {
    public static Debts none(ByteCount size) {
        return new Debts(size, false, null, false);
    }

    public Debts withGrown(ByteCount size) {
        return new Debts(size, reserve, rollback, reencrypt);
    }

    public Debts withReserve(boolean owed) {
        return new Debts(grown, owed, rollback, reencrypt);
    }

    public Debts withRollback(@Nullable VolumeId snapshot) {
        return new Debts(grown, reserve, snapshot, reencrypt);
    }

    public Debts withReencrypt(boolean owed) {
        return new Debts(grown, reserve, rollback, owed);
    }
}

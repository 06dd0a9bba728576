package io.cairn.shards;

import io.cairn.model.DriveFault;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a drive. FULL comes and goes; everything else is final until the drive has been opened again,
 * since after a failed write or sync nobody knows what the disk holds. Safe for use by many threads.
 */
final class Health {
    private final AtomicReference<@Nullable DriveFault> fault = new AtomicReference<>();

    @Nullable
    DriveFault fault() {
        return fault.get();
    }

    /** The fault that ends all writing, releases included. */
    @Nullable
    DriveFault fatal() {
        DriveFault now = fault.get();
        return now == null || now.kind() == DriveFault.Kind.FULL ? null : now;
    }

    boolean isFull() {
        DriveFault now = fault.get();
        return now != null && now.kind() == DriveFault.Kind.FULL;
    }

    /** Notes a fault, unless a final one is known; answers the one that stands. */
    DriveFault report(DriveFault found) {
        DriveFault standing =
                fault.updateAndGet(old -> old != null && old.kind() != DriveFault.Kind.FULL ? old : found);
        return standing == null ? found : standing;
    }

    void noLongerFull() {
        fault.updateAndGet(old -> old != null && old.kind() == DriveFault.Kind.FULL ? null : old);
    }
}

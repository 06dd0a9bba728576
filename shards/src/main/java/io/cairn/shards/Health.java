package io.cairn.shards;

import io.cairn.model.DriveFault;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a drive. FULL and HUNG come and go; everything else is final until the drive has been opened
 * again, since after a failed write or sync nobody knows what the disk holds. Safe for use by many threads.
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

    private static boolean passing(DriveFault fault) {
        return fault.kind() == DriveFault.Kind.FULL || fault.kind() == DriveFault.Kind.HUNG;
    }

    /** Notes a fault, unless a final one is known; answers the one that stands. */
    DriveFault report(DriveFault found) {
        DriveFault standing = fault.updateAndGet(old -> old != null && !passing(old) ? old : found);
        return standing == null ? found : standing;
    }

    void noLongerFull() {
        noLonger(DriveFault.Kind.FULL);
    }

    void noLongerHung() {
        noLonger(DriveFault.Kind.HUNG);
    }

    private void noLonger(DriveFault.Kind kind) {
        fault.updateAndGet(old -> old != null && old.kind() == kind ? null : old);
    }
}

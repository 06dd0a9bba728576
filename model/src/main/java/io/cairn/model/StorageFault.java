package io.cairn.model;

/**
 * An operating fault of a drive or of the log: not the caller's mistake, and not an expected outcome. The message names
 * the operation, the thing, expected and actual; {@link #retrySafe()} says whether the same call may simply be made
 * again.
 */
public abstract sealed class StorageFault extends RuntimeException
        permits DriveFault, CorruptFault, UnavailableFault, UncertainFault {
    private final String message;
    private final boolean retrySafe;

    StorageFault(String message, Throwable cause, boolean retrySafe) {
        super(message, cause);
        this.message = message;
        this.retrySafe = retrySafe;
    }

    StorageFault(String message, boolean retrySafe) {
        super(message);
        this.message = message;
        this.retrySafe = retrySafe;
    }

    /** Always there, unlike that of other exceptions. */
    @Override
    public final String getMessage() {
        return message;
    }

    /** True when nothing of the failed call took effect, so that making it again cannot do harm. */
    public final boolean retrySafe() {
        return retrySafe;
    }
}

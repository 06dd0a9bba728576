package io.cairn.model;

/**
 * A drive that failed an operation: an I/O error, no space, read-only, gone. The drive may be out of service from now
 * on.
 */
public final class DriveFault extends StorageFault {
    /** What is wrong with the drive. */
    public enum Kind {
        /** The drive has no room for the write; reads and deletes still work. */
        FULL,
        /** The drive refuses writes; reads still work. */
        READ_ONLY,
        /** The drive's directory is missing, unmounted, or belongs to another drive. */
        GONE,
        /**
         * An operation of the drive has not come back for longer than a drive may take. The drive takes no writes until
         * it has; what it was given may be written all the same.
         */
        HUNG,
        /** The drive answered an operation with an I/O error. */
        BROKEN
    }

    private final Kind kind;

    public DriveFault(Kind kind, String message) {
        super(message, true);
        this.kind = kind;
    }

    public DriveFault(Kind kind, String message, Throwable cause) {
        super(message, cause, true);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

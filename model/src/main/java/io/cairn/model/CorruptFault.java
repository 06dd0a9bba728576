package io.cairn.model;

/** Stored bytes whose checksum does not match. They are never returned to anybody. */
public final class CorruptFault extends StorageFault {
    public CorruptFault(String message) {
        super(message, false);
    }

    public CorruptFault(String message, Throwable cause) {
        super(message, cause, false);
    }
}

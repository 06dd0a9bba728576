package io.cairn.model;

/** Stored bytes whose checksum does not match. They are never returned to anybody. */
public final class CorruptFault extends StorageFault {
    public CorruptFault(String message) {
        super(message, false);
    }
}

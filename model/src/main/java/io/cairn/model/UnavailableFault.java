package io.cairn.model;

/** Too few healthy drives or log members to carry out the operation now. Nothing of it took effect. */
public final class UnavailableFault extends StorageFault {
    public UnavailableFault(String message) {
        super(message, true);
    }

    public UnavailableFault(String message, Throwable cause) {
        super(message, cause, true);
    }
}

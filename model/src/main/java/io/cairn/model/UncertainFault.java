package io.cairn.model;

/** A command whose fate is unknown: it may or may not take effect. The caller must look before trying again. */
public final class UncertainFault extends StorageFault {
    public UncertainFault(String message) {
        super(message, false);
    }

    public UncertainFault(String message, Throwable cause) {
        super(message, cause, false);
    }
}

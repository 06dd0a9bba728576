package io.cairn.volumes;

/** An operating fault of the registry: an I/O error on a pool, a file that is damaged or of an unknown format. */
public final class VolumesFault extends RuntimeException {
    private final String message;

    public VolumesFault(String message) {
        super(message);
        this.message = message;
    }

    public VolumesFault(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}

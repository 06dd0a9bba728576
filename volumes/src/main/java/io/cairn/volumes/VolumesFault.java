package io.cairn.volumes;

import java.nio.file.FileSystemException;

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

    /** Why something failed, in the words of the kernel where it has some, for the end of a message. */
    public static String reason(Exception failure) {
        return failure instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : failure.toString();
    }

    @Override
    public String getMessage() {
        return message;
    }
}

package io.cairn.volumes.keys;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A key that could not be wrapped, unwrapped or kept. The message never holds a key, a token or a passphrase. */
public final class KeyFault extends RuntimeException {
    /** What is wrong. */
    public enum Kind {
        /** The master key is gone: what it wrapped cannot be read until it is put back from escrow. */
        LOST,
        /** The master key is there, but this wrapped key was not made by it for this volume, or was changed. */
        MISMATCH,
        /** The stored bytes of the key ring are damaged or of an unknown format. */
        DAMAGED,
        /** Others than the owner could read or replace the file: it is not used until that is mended. */
        EXPOSED,
        /** The passphrase, or the token for Vault, is not accepted. */
        REFUSED,
        /** It cannot be asked now; the same call may succeed later. */
        UNREACHABLE
    }

    private final Kind kind;
    private final String message;

    public KeyFault(Kind kind, String message) {
        this(kind, message, null);
    }

    public KeyFault(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.message = Objects.requireNonNull(message);
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Kind kind() {
        return kind;
    }

    /** True when nothing is wrong with the keys themselves. */
    public boolean retrySafe() {
        return kind == Kind.UNREACHABLE;
    }
}

package io.cairn.host;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operating fault of this host: a system call or a program that failed for a reason the caller did not ask about.
 * The message names operation, thing, the error by name, and what to do about it. Whether the operation took effect is
 * said by each port.
 */
public final class HostFault extends RuntimeException {
    private final String message;
    private final Errno errno;

    /** {@code nextStep} is a sentence for the operator, or empty. */
    public HostFault(String operation, Object thing, Errno errno, String nextStep) {
        this(operation + " " + thing + " failed: " + errno + (nextStep.isEmpty() ? "" : "; " + nextStep), errno);
    }

    public HostFault(String message, Errno errno) {
        this(message, errno, null);
    }

    public HostFault(String message, Errno errno, @Nullable Throwable cause) {
        super(message, cause);
        this.message = Objects.requireNonNull(message);
        this.errno = errno;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The error that the kernel gave, {@link Errno#NONE} when it was not the kernel. */
    public Errno errno() {
        return errno;
    }
}

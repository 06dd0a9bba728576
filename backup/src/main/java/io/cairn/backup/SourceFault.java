package io.cairn.backup;

/**
 * An operating fault of a source, as a sentence that says what was tried on which server, what it said, and what to do
 * next. No secret is ever in it.
 */
public abstract sealed class SourceFault extends RuntimeException {
    private final String message;

    private SourceFault(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    private SourceFault(String message) {
        super(message);
        this.message = message;
    }

    @Override
    public final String getMessage() {
        return message;
    }

    /** The server, or the program that reads it, cannot be reached or went away: later may be better. */
    public static final class Unreachable extends SourceFault {
        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }

        public Unreachable(String message) {
            super(message);
        }
    }

    /** The server does not let us: credentials, permissions, settings, version. A person has to change something. */
    public static final class Refused extends SourceFault {
        public Refused(String message) {
            super(message);
        }
    }

    /** What came is not complete, or not what its own checksum says. It was thrown away. */
    public static final class Damaged extends SourceFault {
        public Damaged(String message, Throwable cause) {
            super(message, cause);
        }

        public Damaged(String message) {
            super(message);
        }
    }
}

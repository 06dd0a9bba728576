package io.cairn.client;

/**
 * An operating fault of a request to S3, as a sentence that says what was asked of which server, what it said, and what
 * to do next. No secret is ever in it.
 */
public abstract sealed class S3Fault extends RuntimeException {
    private final String message;

    private S3Fault(String message) {
        super(message);
        this.message = message;
    }

    private S3Fault(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public final String getMessage() {
        return message;
    }

    /** The server was not reached, did not answer in time, or failed, as often as we tried. Later may be better. */
    public static final class Unreachable extends S3Fault {
        public Unreachable(String message) {
            super(message);
        }

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The server will not do it: credentials, permissions, no such bucket, not implemented. A person has to act. */
    public static final class Refused extends S3Fault {
        public Refused(String message) {
            super(message);
        }
    }

    /** There is no space, or a quota is used up. Later is no better until somebody makes room. */
    public static final class Full extends S3Fault {
        public Full(String message) {
            super(message);
        }
    }

    /** The bytes that came are not those of the object, as often as we asked. */
    public static final class Damaged extends S3Fault {
        public Damaged(String message) {
            super(message);
        }
    }
}

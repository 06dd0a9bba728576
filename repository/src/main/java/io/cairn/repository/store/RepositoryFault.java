package io.cairn.repository.store;

/**
 * An operating fault of a repository, as a sentence that says what happened, where, and what to do next. No secret is
 * ever in it. {@link #retrySafe()} says whether the same call may simply be made again.
 */
public abstract sealed class RepositoryFault extends RuntimeException {
    private final String message;

    private RepositoryFault(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    private RepositoryFault(String message) {
        super(message);
        this.message = message;
    }

    @Override
    public final String getMessage() {
        return message;
    }

    /** True when the call may be made again as it is. */
    public boolean retrySafe() {
        return false;
    }

    /** The place that keeps the files failed: full, unreachable, not permitted. */
    public static final class Unavailable extends RepositoryFault {
        private final boolean again;

        public Unavailable(String message, boolean again, Throwable cause) {
            super(message, cause);
            this.again = again;
        }

        public Unavailable(String message, boolean again) {
            super(message);
            this.again = again;
        }

        @Override
        public boolean retrySafe() {
            return again;
        }
    }

    /** A file that was named is not there. */
    public static final class Missing extends RepositoryFault {
        public Missing(String message) {
            super(message);
        }
    }

    /** Bytes are not what was written. */
    public static final class Damaged extends RepositoryFault {
        public Damaged(String message) {
            super(message);
        }

        public Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** No key of the repository opens with this password. */
    public static final class WrongPassword extends RepositoryFault {
        public WrongPassword(String message) {
            super(message);
        }
    }

    /** Somebody else's lock, or a lease that was taken away, stands in the way. */
    public static final class Locked extends RepositoryFault {
        public Locked(String message) {
            super(message);
        }
    }

    /** The request makes no sense for this repository: no such snapshot, exists already, unsupported version. */
    public static final class Refused extends RepositoryFault {
        public Refused(String message) {
            super(message);
        }
    }

    /** What is to be backed up or restored to failed: unreadable file, full target disk. */
    public static final class Source extends RepositoryFault {
        public Source(String message, Throwable cause) {
            super(message, cause);
        }

        public Source(String message) {
            super(message);
        }
    }
}

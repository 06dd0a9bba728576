package io.cairn.containers;

/** What Docker's Engine could not or would not do, as a sentence that says what to do next. No secret is in it. */
public abstract sealed class ContainerFault extends RuntimeException {
    private ContainerFault(String message) {
        super(message);
    }

    private ContainerFault(String message, Throwable cause) {
        super(message, cause);
    }

    /** Nobody answers at the socket, or the connection broke: later may be better. */
    public static final class Unreachable extends ContainerFault {
        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** There is no such container. */
    public static final class Missing extends ContainerFault {
        public Missing(String message) {
            super(message);
        }
    }

    /** The Engine refuses: the container is not running, the program is not in it, the version is too old. */
    public static final class Refused extends ContainerFault {
        public Refused(String message) {
            super(message);
        }
    }
}

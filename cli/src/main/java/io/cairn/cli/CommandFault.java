package io.cairn.cli;

/** Why a command failed, as one sentence for the person at the terminal. */
final class CommandFault extends RuntimeException {
    CommandFault(String message) {
        super(message);
    }

    CommandFault(String message, Throwable cause) {
        super(message, cause);
    }
}
